import type { Note } from '../../src/music/note.ts';

/** Something that happens at `ms` from T0. A state says what sounds there, where the music before it is not known. */
export type ScoreEvent =
  | {
      readonly kind: 'state';
      readonly ms: number;
      readonly sounding: readonly Note[];
      readonly pedal: number;
    }
  | { readonly kind: 'pedal'; readonly ms: number; readonly value: number }
  | { readonly kind: 'off'; readonly ms: number; readonly note: Note }
  | { readonly kind: 'on'; readonly ms: number; readonly note: Note };

/** Order at one instant. A key let go while the pedal goes down is caught by it, as in `foldPedal`. */
const RANK = { state: 0, pedal: 1, off: 2, on: 3 } as const;
export const compareEvents = (a: ScoreEvent, b: ScoreEvent): number =>
  a.ms - b.ms || RANK[a.kind] - RANK[b.kind];

/** A note's beginning and its end. */
export const strokeOf = (note: Note): [ScoreEvent, ScoreEvent] => [
  { kind: 'on', ms: note.onsetMs, note },
  { kind: 'off', ms: note.onsetMs + note.durationMs, note },
];
