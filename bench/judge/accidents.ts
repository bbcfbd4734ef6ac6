/** What no pianist does: too many notes in a moment, or a key struck again before it has come up. */
import type { Note } from '../../src/music/note.ts';

const AGAIN_MS = 80;
const AT_ONCE_MS = 60;

/** Most notes that are struck within so many milliseconds. @param notes in order of onset */
export function mostWithin(notes: readonly Note[], ms: number): number {
  let most = 0;
  let from = 0;
  notes.forEach((note, to) => {
    while (note.onsetMs - notes[from]!.onsetMs > ms) from++;
    most = Math.max(most, to - from + 1);
  });
  return most;
}

export const keysAtOnce = (notes: readonly Note[]): number => mostWithin(notes, AT_ONCE_MS);

/** Strikes less than 80 ms after the one before on the same key, of 1,000. @param notes in order of onset */
export function struckAgain(notes: readonly Note[]): number {
  const before = new Map<number, number>();
  let again = 0;
  for (const { pitch, onsetMs } of notes) {
    const last = before.get(pitch);
    if (last !== undefined && onsetMs - last < AGAIN_MS) again++;
    before.set(pitch, onsetMs);
  }
  return (1000 * again) / Math.max(1, notes.length);
}
