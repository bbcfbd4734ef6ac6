/**
 * Notes that only repeat what was there: a section written out a second time says nothing new of whoever wrote it, and
 * one that was pasted says that it was human. Left out on both sides.
 */
import { chordsOf } from '../../src/music/chords.ts';
import type { Note } from '../../src/music/note.ts';

const TOGETHER_MS = 50;
/** Strikes in a row that must be the same, some ten seconds; a refrain of a few bars is composed, not pasted. */
export const PASTED_STRIKES = 40;

/** @returns indexes of the notes whose strikes, key by key, have occurred before in a run of PASTED_STRIKES */
export function pastedNotes(notes: readonly Note[]): Set<number> {
  const index = new Map(notes.map((note, i) => [note, i]));
  const strikes = chordsOf(notes, TOGETHER_MS);
  // A chord by its keys, whatever order they came in: spread chords of two performances differ in it.
  const names = strikes.map((chord) =>
    chord
      .map(({ pitch }) => pitch)
      .sort((a, b) => a - b)
      .join('-'),
  );
  const seen = new Set<string>();
  const pasted = new Set<number>();
  for (let end = PASTED_STRIKES; end <= names.length; end++) {
    const run = names.slice(end - PASTED_STRIKES, end).join(' ');
    if (seen.has(run)) {
      for (const note of strikes.slice(end - PASTED_STRIKES, end).flat()) pasted.add(index.get(note)!);
    }
    seen.add(run);
  }
  return pasted;
}
