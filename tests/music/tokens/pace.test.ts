import { expect, test } from '@jest/globals';
import { seededRandom } from '../../../src/music/random.ts';
import { pacer } from '../../../src/music/tokens/pace.ts';
import { sampleToken } from '../../../src/music/tokens/sampling.ts';
import { DELTA, decodeDelta, REST, VOCABULARY_SIZE } from '../../../src/music/tokens/vocabulary.ts';

/** A network of exponential steps in time, `heard` notes a second on average, held to `wanted` or not. */
function run(heard: number, wanted: number | null, minutes: number, seed = 1): number[] {
  const random = seededRandom(seed);
  const allowed = new Uint8Array(VOCABULARY_SIZE).fill(1, DELTA, REST);
  const pace = wanted === null ? null : pacer(wanted);
  const likes = Float32Array.from({ length: VOCABULARY_SIZE }, (_, i) => -(i - DELTA) * 0.01 * heard);
  const onsets: number[] = [];
  for (let now = 0; now < minutes * 60_000; ) {
    const logits = likes.slice();
    pace?.bend(logits);
    now += decodeDelta(sampleToken(logits, allowed, { temperature: 1 }, random));
    onsets.push(now);
    pace?.struck(now);
  }
  return onsets;
}
const perSecond = (onsets: readonly number[]) => onsets.length / (onsets.at(-1)! / 1000);

test.each([
  [10, 4],
  [12, 10],
  [5, 3.5],
  [5, 8],
])('a network of %d notes a second is held to %d within a sixth', (heard, wanted) => {
  expect(perSecond(run(heard, null, 3)) / heard).toBeCloseTo(1, 0);
  const held = perSecond(run(heard, wanted, 3));
  expect(held / wanted).toBeGreaterThan(5 / 6);
  expect(held / wanted).toBeLessThan(7 / 6);
});

test('a network that keeps its pace by itself is hardly bent: it may still linger and hurry', () => {
  const gaps = (onsets: number[]) => onsets.slice(1).map((onset, i) => onset - onsets[i]!);
  const spread = (values: number[]) => {
    const mean = values.reduce((a, b) => a + b, 0) / values.length;
    return Math.sqrt(values.reduce((a, b) => a + (b - mean) ** 2, 0) / values.length) / mean;
  };
  const free = spread(gaps(run(4, null, 10)));
  const held = spread(gaps(run(4, 4, 10)));
  expect(held / free).toBeGreaterThan(0.85);
});

test('no bend before there are two seconds of music', () => {
  const pace = pacer(4);
  for (let i = 0; i < 100; i++) pace.struck(i * 19);
  const logits = new Float32Array(VOCABULARY_SIZE);
  pace.bend(logits);
  expect(logits.every((value) => value === 0)).toBe(true);
  pace.struck(2100);
  pace.bend(logits);
  // Too fast: long steps are favoured, short ones hindered, pitches and touch let alone.
  expect(logits[DELTA + 100]!).toBeGreaterThan(0);
  expect(logits[DELTA]!).toBeLessThan(0);
  expect(logits.subarray(REST + 1).every((value) => value === 0)).toBe(true);
});

test('the third pause within half a minute makes a fourth rarer; half a minute later all is as before', () => {
  const pace = pacer(1);
  const bent = () => {
    const logits = new Float32Array(VOCABULARY_SIZE);
    pace.bend(logits);
    return logits[DELTA + 150]! - logits[DELTA + 90]!;
  };
  const strikes = [1, 2, 3.5, 5, 6, 7].map((s) => s * 1000);
  for (const ms of strikes) pace.struck(ms);
  expect(bent()).toBe(0);
  pace.struck(8500);
  expect(bent()).toBeCloseTo(-3, 5);
  for (let ms = 9500; ms <= 34_500; ms += 1000) pace.struck(ms);
  expect(bent()).toBe(0);
});
