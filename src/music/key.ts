import type { Note } from './note.ts';

/** A key: its tonic as a pitch class (0 = C) and whether it is major. */
export type Key = { readonly tonic: number; readonly major: boolean };

/** The nearest way from one pitch class to another, semitones, −5 to 6. */
export function nearestShift(from: number, to: number): number {
  const up = (to - from + 12) % 12;
  return up > 6 ? up - 12 : up;
}

/**
 * How well each degree of the scale fits a major and a minor key, from listeners' ratings: Krumhansl & Kessler 1982,
 * as in Krumhansl, Cognitive Foundations of Musical Pitch (1990), p. 30.
 */
const MAJOR = [6.35, 2.23, 3.48, 2.33, 4.38, 4.09, 2.52, 5.19, 2.39, 3.66, 2.29, 2.88];
const MINOR = [6.33, 2.68, 3.52, 5.38, 2.6, 3.53, 2.54, 4.75, 3.98, 2.69, 3.34, 3.17];

/** A held note tells no more of the key than one of so many milliseconds; the pedal holds the wrong ones as well. */
const LONGEST_MS = 2000;

/**
 * The key that notes are most probably in: Krumhansl–Schmuckler, the highest correlation of the durations of the
 * pitch classes with the profile of a key. @param notes at least one
 */
export function keyOf(notes: readonly Note[]): Key {
  const heard = new Array<number>(12).fill(0);
  for (const { pitch, durationMs } of notes) heard[pitch % 12]! += Math.min(durationMs, LONGEST_MS);
  let best: Key = { tonic: 0, major: true };
  let highest = Number.NEGATIVE_INFINITY;
  for (const major of [true, false]) {
    for (let tonic = 0; tonic < 12; tonic++) {
      const fit = correlation(major ? MAJOR : MINOR, (degree) => heard[(tonic + degree) % 12]!);
      if (fit > highest) [highest, best] = [fit, { tonic, major }];
    }
  }
  return best;
}

function correlation(profile: readonly number[], heard: (degree: number) => number): number {
  const values = profile.map((_, degree) => heard(degree));
  const centre = (list: readonly number[]) => list.reduce((sum, value) => sum + value, 0) / list.length;
  const [a, b] = [centre(profile), centre(values)];
  let together = 0;
  let own = 0;
  for (let i = 0; i < values.length; i++) {
    together += (profile[i]! - a) * (values[i]! - b);
    own += (values[i]! - b) ** 2;
  }
  return own === 0 ? 0 : together / Math.sqrt(own);
}

/** Degree of the scale that a pitch is, in semitones above the tonic, 0–11. */
export const degreeOf = (pitch: number, key: Key): number => (pitch - key.tonic + 12) % 12;
