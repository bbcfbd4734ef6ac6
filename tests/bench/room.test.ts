import { expect, test } from '@jest/globals';
import { interauralCorrelation, reverberationS } from '../../bench/sound/room.ts';
import { seededRandom } from '../../src/music/random.ts';

const RATE = 8_000;
const noise = (seed: number, fallS: number | null) => {
  const random = seededRandom(seed);
  return Float32Array.from(
    { length: 2 * RATE },
    (_, i) => (2 * random() - 1) * (fallS === null ? 1 : 10 ** ((-3 * i) / (fallS * RATE))),
  );
};

test('noise that falls by 60 dB in 0.8 s is said to', () => {
  expect(reverberationS([noise(1, 0.8), noise(2, 0.8)], RATE)).toBeCloseTo(0.8, 1);
});

test('ears that hear the same are alike, a sixth of a head apart as well; turned over, not; different noise, hardly', () => {
  const one = noise(1, null);
  expect(interauralCorrelation([one, one], RATE)).toBeGreaterThan(0.99);
  expect(
    interauralCorrelation([one, Float32Array.from(one, (_, i) => one[i - 3] ?? 0)], RATE),
  ).toBeGreaterThan(0.98);
  expect(interauralCorrelation([one, one.map((value) => -value)], RATE)).toBeLessThan(0.06);
  expect(Math.abs(interauralCorrelation([one, noise(2, null)], RATE))).toBeLessThan(0.06);
});
