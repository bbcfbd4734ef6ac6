/**
 * How remarkable a note is over its chord and a chord in its key. Values: Friberg, Bresin & Sundberg, "Overview of the
 * KTH rule system for musical performance", Advances in Cognitive Psychology 2 (2006), after Sundberg, Friberg & Frydén.
 */
import type { ChordKind, Harmony } from './harmony.ts';

/** By semitones above the root: the circle of fifths, the flat side weighing half a step more. */
const MELODIC = [0, 6.5, 2, 4.5, 4, 2.5, 6, 1, 5.5, 3, 3.5, 5] as const;
/** By semitones of the root above the tonic. */
const HARMONIC: Readonly<Record<Exclude<ChordKind, 'diminished'>, readonly number[]>> = {
  major: [0, 7, 4, 3.5, 6, 3, 7.5, 1.5, 4, 6, 3.5, 7],
  minor: [0.3, 8, 2.5, 7, 3, 3.5, 7, 2, 6.5, 1.5, 6, 5.5],
};
const DIMINISHED = 5;

/** 0–6.5. */
export const melodicCharge = (pitch: number, { root }: Pick<Harmony, 'root'>): number =>
  MELODIC[(pitch - root + 120) % 12]!;

/** 0–8. */
export const harmonicCharge = ({ root, kind, key }: Omit<Harmony, 'start'>): number =>
  kind === 'diminished' ? DIMINISHED : HARMONIC[kind][(root - key.tonic + 12) % 12]!;
