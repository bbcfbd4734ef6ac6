import { keyOf } from './key.ts';
import type { Note } from './note.ts';

const TONICS = ['C', 'D flat', 'D', 'E flat', 'E', 'F', 'F sharp', 'G', 'A flat', 'A', 'B flat', 'B'];

/** Words for what notes sound like, from figures alone: pace, loudness, register, and the key found in them. */
export function characterOf(notes: readonly Note[], lengthMs: number): string {
  const perSecond = notes.length / Math.max(1, lengthMs / 1000);
  const mean = (key: 'pitch' | 'velocity') =>
    notes.reduce((sum, note) => sum + note[key], 0) / Math.max(1, notes.length);
  const pace = word(perSecond, ['Still', 3], ['Calm', 5], ['Flowing', 8], ['Lively', 12], ['Rushing']);
  const loudness = word(mean('velocity'), ['very soft', 32], ['soft', 52], ['full', 76], ['loud']);
  const register = word(mean('pitch'), ['low', 54], ['in the middle', 66], ['high']);
  return `${pace} and ${loudness}, ${register}, in ${keyText(notes)}`;
}

/** What a whole performance is called, as rolls are labelled: by its form and the key that it is mostly in. */
export const titleOf = (notes: readonly Note[], movements: number): string =>
  `${movements > 1 ? 'Suite' : 'Prelude'} in ${keyText(notes)}`;

function keyText(notes: readonly Note[]): string {
  const { tonic, major } = keyOf(notes);
  return `${TONICS[tonic]} ${major ? 'major' : 'minor'}`;
}

/** The first word whose limit lies above the value; the last has none. */
const word = (value: number, ...words: readonly [word: string, below?: number][]): string =>
  words.find(([, below = Number.POSITIVE_INFINITY]) => value < below)![0];
