/** The words that the page speaks: English, unless another language came before the page's script (see fetch.ts). */
import { english, type Words } from './english.ts';

export type { Degree, Near, Words } from './english.ts';

/** Read each time that something is said: a language may come after this file. */
export let words: Words = english;

/** From now on, all that is said is said in these. */
export function speak(wanted: Words): void {
  words = wanted;
}

/**
 * To be awaited before anything is said: the language has come, or it is known that it will not, and English it is.
 * Where the page is English, at once.
 */
export async function spoken(): Promise<void> {
  const found = await (globalThis as Partial<Spoken>).pianolaWords;
  if (found) speak(found);
}

/** How a language's own file (`/words-de.js`) and the page's script find each other. */
export type Spoken = {
  /** Null: it did not come. */
  pianolaWords: Promise<Words | null>;
  /** Called by the language's file; where it came too late, the page speaks English already, and goes on. */
  pianolaSpeaks: (words: Words) => void;
};
