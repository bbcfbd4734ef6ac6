import { expect, test } from '@jest/globals';
import { attackFrame } from '../../../web/instrument/attack.ts';

const RATE = 44_100;
const struck = (at: number, loudness: number) =>
  Float32Array.from({ length: RATE }, (_, i) =>
    i < at ? 0.004 * Math.sin(i) : loudness * Math.sin((i - at) / 20) * Math.exp(-(i - at) / 9_000),
  );

test('an attack is found behind breath and hiss, within a millisecond, whatever its loudness', () => {
  for (const at of [100, 600, 2_000]) {
    for (const loudness of [0.1, 0.9]) {
      expect(Math.abs(attackFrame(struck(at, loudness), RATE) - at)).toBeLessThan(RATE / 1_000);
    }
  }
});

test('silence has no attack', () => {
  expect(attackFrame(new Float32Array(RATE), RATE)).toBe(0);
});
