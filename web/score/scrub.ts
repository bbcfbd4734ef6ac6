/** What sounds while a hand draws the paper under the playhead: whatever passes, at the hand's speed, backwards too. */
import type { Music, Note } from '../../src/music/note.ts';
import { firstAtOrAfter } from '../../src/music/timeline.ts';
import type { Instrument, Voice } from './scheduler.ts';

/** A hand that sweeps over a whole page strikes so many keys a move at most, the loudest: more is noise. */
const MOST_STRIKES = 10;
/** No hole is longer, for finding the first one that may lie under the playhead; milliseconds. */
const LONGEST_MS = 60_000;

export type Scrub = {
  /** The hand takes hold at a position; what lies under the playhead is not struck by that alone. */
  hold(ms: number): void;
  /**
   * The hand has moved to a position; what it passed sounds in order, spread over audio time.
   * @param fromS when the move is to be heard to begin, and @param toS to end; audio time, seconds
   */
  moveTo(ms: number, fromS: number, toS: number): void;
  /** The hand lets go: the keys rise at an audio time, seconds. */
  letGo(atS: number): void;
};

/** What passes within one move of the hand is heard within so much of it, so that it is in time; seconds. */
const MOVE_S = 0.012;
/** A sound is to be placed a little ahead of the clock, seconds. */
export const SOON_S = 0.003;

/** When a move is heard, from and to, that was told of at the audio time `nowS` and took `tookMs` since the one before. */
export function heardWithin(nowS: number, tookMs: number): readonly [number, number] {
  const fromS = nowS + SOON_S;
  return [fromS, fromS + Math.min(MOVE_S, Math.max(0, tookMs) / 1_000)];
}

type Crossing = { readonly part: number; readonly note: Note; readonly enters: boolean };

export function scrub({ notes }: Pick<Music, 'notes'>, instrument: Pick<Instrument, 'strike'>): Scrub {
  const held = new Map<Note, Voice | null>();
  let atMs = 0;

  const under = (fromMs: number, toMs: number): readonly Note[] => {
    const first = firstAtOrAfter(notes, (note) => note.onsetMs, fromMs - LONGEST_MS);
    const end = firstAtOrAfter(notes, (note) => note.onsetMs, toMs + 1);
    return notes.slice(first, end).filter((note) => note.onsetMs + note.durationMs >= fromMs);
  };
  const isUnder = ({ onsetMs, durationMs }: Note, ms: number) => ms >= onsetMs && ms < onsetMs + durationMs;

  /** Edges of holes between two positions, in the order in which they pass; of what enters, the loudest alone. */
  const crossings = (toMs: number): Crossing[] => {
    const forward = toMs > atMs;
    const part = (ms: number) => (ms - atMs) / (toMs - atMs);
    const passed = under(Math.min(atMs, toMs), Math.max(atMs, toMs));
    const entered = passed
      .filter((note) => !held.has(note) && !isUnder(note, atMs))
      .filter(({ onsetMs, durationMs }) => {
        const edge = part(forward ? onsetMs : onsetMs + durationMs);
        // A hole's end is no part of it: a hand that rests there has not come to it yet.
        return edge >= 0 && (forward ? edge <= 1 : edge < 1);
      })
      .sort((a, b) => b.velocity - a.velocity)
      .slice(0, MOST_STRIKES);
    const all: Crossing[] = entered.map((note) => ({
      part: part(forward ? note.onsetMs : note.onsetMs + note.durationMs),
      note,
      enters: true,
    }));
    for (const note of [...held.keys(), ...entered]) {
      if (isUnder(note, toMs)) continue;
      all.push({ part: part(forward ? note.onsetMs + note.durationMs : note.onsetMs), note, enters: false });
    }
    return all.sort((a, b) => a.part - b.part || Number(a.enters) - Number(b.enters));
  };

  return {
    hold(ms) {
      atMs = ms;
      held.clear();
    },
    moveTo(ms, fromS, toS) {
      if (ms === atMs) return;
      for (const { part, note, enters } of crossings(ms)) {
        const atS = fromS + Math.min(1, Math.max(0, part)) * (toS - fromS);
        if (enters) held.set(note, instrument.strike(note, atS));
        else {
          held.get(note)?.damp(atS);
          held.delete(note);
        }
      }
      atMs = ms;
    },
    letGo(atS) {
      for (const voice of held.values()) voice?.damp(atS);
      held.clear();
    },
  };
}
