import { buildIndex, hashOfGram, readIndex } from '../../src/music/taste/originality.ts';
import { intervalsOf } from '../../src/music/taste/repetition.ts';
import type { Taste } from '../../src/music/taste/taste.ts';
import { TRAITS } from '../../src/music/taste/traits.ts';
import { scale } from './music.ts';

/** The sha256 of the network whose likelihood it knows. */
export const MODEL = 'f'.repeat(64);
const known = intervalsOf(scale(20_000, 250).notes);
const grams = Array.from({ length: known.length - 11 }, (_, i) => hashOfGram(known, i, 12));
/** Thinks that everything is as human, and knows the scale. */
export const TASTE: Taste = {
  sha256: 'a'.repeat(64),
  likelihood: { modelSha256: MODEL, level: 7, slope: 0 },
  classifier: {
    means: TRAITS.map(() => 0),
    deviations: TRAITS.map(() => 1),
    weights: TRAITS.map(() => 0),
    bias: 0,
    usual: 100,
  },
  longestRun: 20,
  ranges: {
    breathsPerMinute: [0, 9],
    registerDrift: [3, 10],
    velocityP5: [32, 43],
    velocityP95: [49, 85],
  },
  index: readIndex(buildIndex(grams, 12, 6, 16)),
};
