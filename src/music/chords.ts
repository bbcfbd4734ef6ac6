import { CHORD_MS } from './metrics.ts';
import type { Note } from './note.ts';

/** Notes in order of onset, put together where they are struck within CHORD_MS of the first of a chord. */
export function chordsOf(notes: readonly Note[]): Note[][] {
  const chords: Note[][] = [];
  for (const note of notes) {
    const chord = chords.at(-1);
    if (chord && note.onsetMs - chord[0]!.onsetMs <= CHORD_MS) chord.push(note);
    else chords.push([note]);
  }
  return chords;
}
