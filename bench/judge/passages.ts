/** Passages of equal length and comparable pace: what figures are taken of. */
import type { Note } from '../../src/music/note.ts';

export const PASSAGE_MS = 40_000;
/** Notes a second. Slower passages have too few notes for figures, faster ones are virtuoso pieces, which nobody asked for. */
export const PACES = [2.8, 7.5] as const;

/**
 * Music cut from its first note on, each passage from 0 on; a remainder is left out, and so is a passage of which more
 * than half was pasted: without its pasted notes alone it would be shorter than the others.
 * @param notes in order of onset @param pasted indexes of notes that only repeat
 */
export function passagesOf(notes: readonly Note[], pasted: ReadonlySet<number> = new Set()): Note[][] {
  const first = notes[0]?.onsetMs ?? 0;
  const count = Math.floor(((notes.at(-1)?.onsetMs ?? 0) - first) / PASSAGE_MS);
  const passages: { note: Note; pasted: boolean }[][] = Array.from({ length: count }, () => []);
  notes.forEach((note, i) => {
    const at = Math.floor((note.onsetMs - first) / PASSAGE_MS);
    const moved = { ...note, onsetMs: note.onsetMs - first - at * PASSAGE_MS };
    passages[at]?.push({ note: moved, pasted: pasted.has(i) });
  });
  const [slowest, fastest] = PACES;
  return passages
    .filter((own) => own.filter((one) => one.pasted).length <= own.length / 2)
    .map((own) => own.map(({ note }) => note))
    .filter(({ length }) => {
      const pace = length / (PASSAGE_MS / 1000);
      return pace >= slowest && pace <= fastest;
    });
}
