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

/** What the page of a room, /play/ or /shelf/, is given beside the words of all pages. */
export type InRoom<Said> = {
  readonly said: Said;
  /** What others, the station among them, say in English and this language knows; the rest stays as it is. */
  read(english: string): string;
};

/** What a language's file brings. `room`: where it is one of a room's. */
export type Arrived = Words & { readonly room?: InRoom<unknown> };

/** How a language's own file (`/words-de.js`) and the page's script find each other. */
export type Spoken = {
  /** Null: it did not come. */
  pianolaWords: Promise<Arrived | null>;
  /** Called by the language's file; where it came too late, the page speaks English already, and goes on. */
  pianolaSpeaks: (words: Arrived) => void;
};
