/**
 * The words that every part of Pianola shares. Musical time is integer milliseconds from the start of the
 * performance; one tick of our MIDI files is one millisecond, so file, wire and page agree to the number.
 */

/** One struck key. */
export type Note = {
  /** Milliseconds from the start of the performance, integer ≥ 0. */
  readonly onsetMs: number;
  /** Milliseconds the key is held, integer ≥ 1. */
  readonly durationMs: number;
  /** MIDI key number, 0–127; a piano has 21 (A0) to 108 (C8). */
  readonly pitch: number;
  /** MIDI velocity, 1–127. */
  readonly velocity: number;
};

/** One movement of the sustain pedal (MIDI controller 64). */
export type PedalChange = {
  /** Milliseconds from the start of the performance, integer ≥ 0. */
  readonly ms: number;
  /** Controller value, 0–127; 64 and above is down. */
  readonly value: number;
};

/** Notes in order of onset, then pitch; pedal changes in order of time. */
export type Music = {
  readonly notes: readonly Note[];
  readonly pedal: readonly PedalChange[];
  /** From the start to the last release or pedal movement, milliseconds. */
  readonly durationMs: number;
};

export const LOWEST_PITCH = 21;
export const HIGHEST_PITCH = 108;
export const KEYS = HIGHEST_PITCH - LOWEST_PITCH + 1;
/** Whether a piano has a key for it. */
export const isOnPiano = (pitch: number): boolean => pitch >= LOWEST_PITCH && pitch <= HIGHEST_PITCH;
/** The Cs of a piano: what rolls are ruled by. */
export const C_PITCHES = [24, 36, 48, 60, 72, 84, 96, 108] as const;
export const PEDAL_DOWN = 64;

export const compareNotes = (a: Note, b: Note): number =>
  a.onsetMs - b.onsetMs || a.pitch - b.pitch || a.durationMs - b.durationMs || a.velocity - b.velocity;

/** Notes as they were, so much later (earlier, where it is negative). Milliseconds. */
export const shifted = (notes: readonly Note[], byMs: number): Note[] =>
  notes.map((note) => ({ ...note, onsetMs: note.onsetMs + byMs }));

/** The instant after which nothing happens any more, milliseconds. */
export function lastMs(notes: readonly Note[], pedal: readonly PedalChange[]): number {
  let last = 0;
  for (const note of notes) last = Math.max(last, note.onsetMs + note.durationMs);
  for (const change of pedal) last = Math.max(last, change.ms);
  return last;
}

/** Puts notes and pedal in order and adds the duration. */
export function toMusic(notes: readonly Note[], pedal: readonly PedalChange[] = []): Music {
  return {
    notes: [...notes].sort(compareNotes),
    pedal: [...pedal].sort((a, b) => a.ms - b.ms),
    durationMs: lastMs(notes, pedal),
  };
}
