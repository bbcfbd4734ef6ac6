import { compareNotes, type Note } from './note.ts';

/** Notes that may sound together; the most in a roll of the test split, pedal folded in, is 27 on average (p5 14, p95 50). */
export const MAX_SOUNDING = 24;

/** No key sounds on when it is struck again; of two strikes at one instant the longer is kept. */
export function eachKeyOnce(notes: readonly Note[]): Note[] {
  const next = new Map<number, number>();
  const kept: Note[] = [];
  for (const note of [...notes].sort(compareNotes).reverse()) {
    const again = next.get(note.pitch) ?? Number.POSITIVE_INFINITY;
    if (again === note.onsetMs) continue;
    next.set(note.pitch, note.onsetMs);
    kept.push({ ...note, durationMs: Math.min(note.durationMs, again - note.onsetMs) });
  }
  return kept.reverse();
}

/** Lets the oldest note go where one more would be too many. @param notes in order of onset */
export function boundSounding(notes: readonly Note[], most = MAX_SOUNDING): Note[] {
  const bounded = [...notes];
  let sounding: number[] = [];
  bounded.forEach((note, i) => {
    sounding = sounding.filter((j) => bounded[j]!.onsetMs + bounded[j]!.durationMs > note.onsetMs);
    if (sounding.length >= most) {
      // Among those of this very onset nothing can be shortened: 88 keys, but ten fingers.
      const oldest = sounding.find((j) => bounded[j]!.onsetMs < note.onsetMs);
      if (oldest !== undefined) {
        bounded[oldest] = { ...bounded[oldest]!, durationMs: note.onsetMs - bounded[oldest]!.onsetMs };
        sounding = sounding.filter((j) => j !== oldest);
      }
    }
    sounding.push(i);
  });
  return bounded;
}
