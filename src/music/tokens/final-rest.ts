/** The keys that a last bar may strike: its tonic chord, over the tonic in the bass, which nothing below disturbs. */
import type { Key } from '../key.ts';
import { LOWEST_PITCH } from '../note.ts';

/** A bass lies up to here: middle C. Index of a key, from LOWEST_PITCH on. */
const HIGHEST_BASS = 60 - LOWEST_PITCH;
const OCTAVE = 12;

export type RestingPitches = {
  /** @param next index of a key @param above whether a lower key is struck with it */
  allows(next: number, above: boolean): boolean;
  struck(next: number): void;
};

/** Of one bar, from its first key on. */
export function restingPitches({ tonic, major }: Key): RestingPitches {
  const chord = [0, major ? 4 : 3, 7];
  const degree = (next: number): number => (next + LOWEST_PITCH - tonic + OCTAVE) % OCTAVE;
  let bass = -1;
  return {
    allows(next, above) {
      if (bass < 0) return degree(next) === 0 && next <= HIGHEST_BASS;
      if (!chord.includes(degree(next))) return false;
      return above || degree(next) === 0 || next > bass + OCTAVE;
    },
    struck(next) {
      if (bass < 0) bass = next;
    },
  };
}
