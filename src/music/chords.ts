import type { Note } from './note.ts';

/** Notes struck closer together than this are one chord; milliseconds. */
export const CHORD_MS = 30;

/** Notes in order of onset, put together where they are struck within so much of the first of a chord. */
export function chordsOf(notes: readonly Note[], apartMs = CHORD_MS): Note[][] {
  const chords: Note[][] = [];
  for (const note of notes) {
    const chord = chords.at(-1);
    if (chord && note.onsetMs - chord[0]!.onsetMs <= apartMs) chord.push(note);
    else chords.push([note]);
  }
  return chords;
}
