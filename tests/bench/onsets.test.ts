import { expect, test } from '@jest/globals';
import { matched, onsets } from '../../bench/sound/onsets.ts';
import { seededRandom } from '../../src/music/random.ts';

const RATE = 48_000;

/** Struck strings at known times (seconds): each swells in a millisecond, knocks, and rings for a second, over hiss. */
function strokes(times: readonly number[], hiss = 1e-4): Float32Array {
  const random = seededRandom(5);
  const signal = new Float32Array(4.5 * RATE).map(() => hiss * (2 * random() - 1));
  times.forEach((time, k) => {
    const frequency = 110 * 2 ** (((k * 5) % 36) / 12);
    const loud = 0.1 + 0.05 * (k % 3);
    for (let i = Math.ceil(time * RATE); i < signal.length; i++) {
      const s = i / RATE - time;
      const string = Math.sin(2 * Math.PI * frequency * s) * Math.exp(-s);
      const knock = (2 * random() - 1) * Math.exp(-s / 0.004);
      signal[i]! += loud * (1 - Math.exp(-s / 0.0005)) * (string + knock);
    }
  });
  return signal;
}

test('onsets are found within 2 ms of where they are, over strings that still ring, and no others', () => {
  const times = Array.from({ length: 12 }, (_, i) => 0.5 + i * 0.3 + (i % 4) * 0.0173);
  const found = onsets(strokes(times), RATE);
  expect(found).toHaveLength(12);
  found.forEach((time, i) => {
    expect(Math.abs(time - times[i]!)).toBeLessThan(0.002);
  });
});

test('a sound that is 5 ms late is found 5 ms late, to a twentieth of a millisecond', () => {
  const times = [1, 1.5, 2.2];
  const early = onsets(strokes(times), RATE);
  const late = onsets(new Float32Array([...new Float32Array(240), ...strokes(times)]), RATE);
  expect(late).toHaveLength(3);
  late.forEach((time, i) => {
    expect(time - early[i]!).toBeCloseTo(0.005, 4);
  });
});

test('hiss and silence have no onsets', () => {
  expect(onsets(new Float32Array(RATE), RATE)).toEqual([]);
  expect(onsets(strokes([], 0.1).subarray(RATE), RATE).filter((time) => time > 0.03)).toEqual([]);
});

test('what is expected is matched with the nearest that was found, or with nothing', () => {
  expect(matched([1, 2, 3], [0.99, 2.004, 2.02, 3.2], 0.05)).toEqual([0.99, 2.004, null]);
});
