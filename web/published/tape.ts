/** Days taped to one roll, as they are: each begins where the one before it ended, and a piece of tape. */
import { levelDb } from '../../src/music/loudness.ts';
import { type Music, shifted } from '../../src/music/note.ts';
import type { WholeDay } from './last-day.ts';

/** From a piece's last release to the next one's beginning, milliseconds: the tape passes, and the sound has died away. */
export const TAPE_MS = 3_000;

/** A day on the tape: where it begins, milliseconds from the tape's beginning, and how much louder it is played, decibels. */
export type TapedDay = { readonly startMs: number; readonly day: WholeDay; readonly levelDb: number };
export type Tape = { readonly music: Music; readonly days: readonly TapedDay[] };

/** @param days in the order in which they are taped; one at least */
export function tapeOf(days: readonly WholeDay[]): Tape {
  const taped: TapedDay[] = [];
  let startMs = 0;
  for (const day of days) {
    taped.push({ startMs, day, levelDb: levelDb(day.music) });
    startMs += day.music.durationMs + TAPE_MS;
  }
  return {
    days: taped,
    music: {
      notes: taped.flatMap(({ day, startMs }) => shifted(day.music.notes, startMs)),
      // No pedal is held over the tape.
      pedal: taped.flatMap(({ day, startMs }) => [
        ...day.music.pedal.map(({ ms, value }) => ({ ms: ms + startMs, value })),
        { ms: startMs + day.music.durationMs, value: 0 },
      ]),
      durationMs: startMs - TAPE_MS,
    },
  };
}

/** The day that plays at an instant; over the tape it is the one that has just ended. */
export const tapedAt = ({ days }: Tape, ms: number): TapedDay =>
  days.findLast(({ startMs }) => startMs <= ms) ?? days[0]!;
