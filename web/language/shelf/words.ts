/** The words that /shelf/ speaks beside those of all pages: English, unless another language came before the page's script. */
import { spokenIn } from '../room.ts';
import { english, type ShelfWords } from './english.ts';

/** Read each time that something is said. */
export let said: ShelfWords = english;
/** What the station, or a file of its, says in English: as far as the language knows it. */
export let read = (text: string): string => text;

/** To be awaited before anything is said. */
export const spokenHere = (): Promise<void> =>
  spokenIn<ShelfWords>((room) => {
    said = room.said;
    read = room.read;
  });
