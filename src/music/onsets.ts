import { CHORD_MS, chordsOf } from './chords.ts';
import type { Note } from './note.ts';

/** When each chord is struck; see chords.ts. */
export const onsetsOf = (notes: readonly Note[], apartMs = CHORD_MS): number[] =>
  chordsOf(notes, apartMs).map((chord) => chord[0]!.onsetMs);

/** Milliseconds from each chord to the next. */
export function gapsOf(notes: readonly Note[], apartMs = CHORD_MS): number[] {
  const onsets = onsetsOf(notes, apartMs);
  return onsets.slice(1).map((onsetMs, i) => onsetMs - onsets[i]!);
}
