import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { lagOf } from '../../bench/sound/lag.ts';
import { seededRandom } from '../../src/music/random.ts';

const RATE = 8_000;
const WITHIN = 160;

/** A struck string of 220 Hz that decays, begun after so many samples, in a room that is never quite still. */
function struck(length: number, begin: number, seed: number): Float32Array {
  const random = seededRandom(seed);
  return Float32Array.from({ length }, (_, i) => {
    const s = (i - begin) / RATE;
    const tone = s < 0 ? 0 : Math.exp(-8 * s) * Math.sin(2 * Math.PI * 220 * s);
    return tone + 0.002 * (random() - 0.5);
  });
}

test('a struck string is found where it is, to the sample, and not a period beside it', () => {
  fc.assert(
    fc.property(fc.integer({ min: -WITHIN, max: WITHIN }), fc.integer({ min: 1, max: 999 }), (late, seed) => {
      const piece = struck(800, 80, seed);
      const among = struck(800 + 2 * WITHIN, WITHIN + 80 + late, seed + 1);
      const { lag, likeness } = lagOf(piece, among, WITHIN);
      expect(Math.abs(lag - late)).toBeLessThanOrEqual(1);
      expect(likeness).toBeGreaterThan(0.98);
    }),
  );
});

test('silence is like nothing, and what is not there is not found', () => {
  const piece = struck(800, 80, 1);
  expect(lagOf(piece, new Float32Array(800 + 2 * WITHIN), WITHIN)).toEqual({ lag: 0, likeness: 0 });
  expect(lagOf(new Float32Array(800), struck(800 + 2 * WITHIN, 0, 2), WITHIN)).toEqual({
    lag: 0,
    likeness: 0,
  });
  const hiss = struck(800 + 2 * WITHIN, 9_999, 3);
  expect(lagOf(piece, hiss, WITHIN).likeness).toBeLessThan(0.3);
});
