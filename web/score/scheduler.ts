import { type Note, PEDAL_DOWN } from '../../src/music/note.ts';
import { dampers } from './dampers.ts';
import type { ScoreEvent } from './event.ts';

/** A sounding note, to be damped at an audio time (seconds). */
export type Voice = { damp(atS: number): void };

export type Instrument = {
  /**
   * Sounds a note whose hammer falls at audio time `atS`. Where that has passed, the note is begun inside its
   * sound, as if it had been struck in time.
   */
  strike(note: Note, atS: number): Voice;
  /** The sustain pedal goes down or up at audio time `atS`; told in order of time, and again where nothing changes. */
  pedal(down: boolean, atS: number): void;
  /** Everything stops, also what is scheduled. */
  silence(): void;
};

export type Scheduler = {
  /** Schedules what falls into the next LOOK_AHEAD_MS; to be called several times as often as that. */
  tick(): void;
  /** Falls silent and forgets what sounds: after a stop, sleep, or another broadcast. */
  reset(): void;
};

/**
 * How far ahead notes are given to the audio clock. Long enough for a busy main thread or a slow timer, short
 * enough that a stop is heard as one.
 */
export const LOOK_AHEAD_MS = 1_500;

/**
 * The look-ahead scheduler ("A tale of two clocks", C. Wilson): a coarse timer decides what is due soon, the
 * audio clock places it to the sample.
 */
export function scheduler(world: {
  readonly score: { eventsUntil(ms: number): readonly ScoreEvent[] };
  /** Milliseconds from T0 now; null while it cannot be known, or nothing can sound. */
  readonly position: () => number | null;
  /** The audio time (seconds) of a position; asked only while `position` is known. */
  readonly audioTime: (positionMs: number) => number;
  readonly instrument: Instrument;
}): Scheduler {
  const { score, audioTime, instrument } = world;
  const keys = dampers();
  const voices = new Map<number, { note: Note; voice: Voice }>();

  const strike = (note: Note) => {
    voices.set(note.pitch, { note, voice: instrument.strike(note, audioTime(note.onsetMs)) });
  };
  const damp = (note: Note, ms: number) => {
    const sounding = voices.get(note.pitch);
    if (sounding?.note.onsetMs !== note.onsetMs) return;
    sounding.voice.damp(audioTime(ms));
    voices.delete(note.pitch);
  };
  const pedal = (value: number, ms: number) => instrument.pedal(value >= PEDAL_DOWN, audioTime(ms));

  return {
    tick() {
      const position = world.position();
      if (position === null) return;
      let catchingUp = false;
      const catchUp = () => {
        // What should sound by now and does not: held notes of a late joiner, or of one whose sound was interrupted.
        for (const note of keys.sounding) {
          if (voices.get(note.pitch)?.note.onsetMs !== note.onsetMs) strike(note);
        }
        catchingUp = false;
      };
      for (const event of score.eventsUntil(position + LOOK_AHEAD_MS)) {
        if (catchingUp && event.ms >= position) catchUp();
        const { struck, damped } = keys.take(event);
        for (const note of damped) damp(note, event.ms);
        if (event.kind === 'pedal') pedal(event.value, event.ms);
        if (event.kind === 'state') pedal(event.pedal, event.ms);
        if (event.ms < position) catchingUp = true;
        else for (const note of struck) strike(note);
      }
      if (catchingUp) catchUp();
    },
    reset() {
      keys.reset();
      voices.clear();
      instrument.silence();
    },
  };
}
