/** What is judged: pieces as they are played, with their figures. */
import type { Music } from '../../src/music/note.ts';
import { PEDAL_DOWN } from '../../src/music/note.ts';
import { keysAtOnce, mostWithin, struckAgain } from './accidents.ts';
import { closesInItsKey } from './closure.ts';
import { type Figures, figuresOf } from './figures.ts';
import { unstrikable } from './hands.ts';
import { passagesOf } from './passages.ts';
import { pastedNotes } from './pasted.ts';
import { type Touch, touchOf } from './touch.ts';

export type Judged = {
  readonly name: string;
  readonly passages: readonly Figures[];
  /** How each passage is played. */
  readonly touch: readonly Touch[];
  /** Of the whole piece. */
  readonly whole: Whole;
};

export const WHOLE = [
  'mostInASecond',
  'keysIn60ms',
  'struckAgain',
  'unstrikable',
  'closesInItsKey',
  'pedalChanges',
  'pasted',
] as const;
export type Whole = Readonly<Record<(typeof WHOLE)[number], number>>;

/** @param music with at least two notes @param pasted indexes of notes that only repeat; found where nobody knows */
export function judge(name: string, music: Music, pasted = pastedNotes(music.notes)): Judged {
  const { notes } = music;
  const passages = passagesOf(notes, pasted);
  return {
    name,
    passages: passages.map(figuresOf),
    touch: passages.map(touchOf),
    whole: {
      mostInASecond: mostWithin(notes, 1000),
      keysIn60ms: keysAtOnce(notes),
      struckAgain: struckAgain(notes),
      unstrikable: unstrikable(notes),
      closesInItsKey: closesInItsKey(notes) ? 1 : 0,
      pedalChanges: pedalChanges(music),
      pasted: pasted.size / notes.length,
    },
  };
}

/** How often the pedal goes down, a minute. */
export function pedalChanges({ pedal, durationMs }: Music): number {
  const presses = pedal.filter(
    ({ value }, i) => value >= PEDAL_DOWN && (pedal[i - 1]?.value ?? 0) < PEDAL_DOWN,
  );
  return presses.length / (durationMs / 60_000);
}
