import { expect, test } from '@jest/globals';
import { seededRandom } from '../../../src/music/random.ts';
import {
  buildIndex,
  type GramHash,
  hashOfGram,
  longestKnownRun,
  readIndex,
  withBoth,
} from '../../../src/music/taste/originality.ts';

const steps = (seed: number, count: number): number[] => {
  const random = seededRandom(seed);
  return Array.from({ length: count }, () => Math.floor(random() * 25) - 12);
};
const gramsOf = (intervals: number[], n: number): GramHash[] =>
  Array.from({ length: intervals.length - n + 1 }, (_, i) => hashOfGram(intervals, i, n));
const corpus = steps(1, 6000);
const bytes = buildIndex(gramsOf(corpus, 12), 12, 6, 18);
const index = readIndex(bytes);

test('a run is as long as what is shared, wherever it stands', () => {
  for (const length of [12, 13, 20, 47]) {
    const own = [...steps(2, 100), ...corpus.slice(3000, 3000 + length), ...steps(3, 100)];
    expect(longestKnownRun(own, index)).toBeGreaterThanOrEqual(length);
    // What follows may agree by chance, for a step or two.
    expect(longestKnownRun(own, index)).toBeLessThanOrEqual(length + 2);
  }
});

test('runs shorter than a gram are not seen, and music of its own has none', () => {
  const own = [...steps(2, 100), ...corpus.slice(500, 510), ...steps(3, 100)];
  expect(longestKnownRun(own, index)).toBe(0);
  expect(longestKnownRun([], index)).toBe(0);
});

test('nothing of the corpus is missed; one in a hundred of other grams is taken for known at most', () => {
  for (const gram of gramsOf(corpus, 12)) expect(index.has(gram)).toBe(true);
  const others = gramsOf(steps(9, 20_000), 12);
  expect(others.filter((gram) => index.has(gram)).length / others.length).toBeLessThan(0.01);
});

test('the order of the intervals counts, and their sign', () => {
  const own = corpus.slice(100, 140);
  expect(longestKnownRun(own, index)).toBe(40);
  expect(longestKnownRun([...own].reverse(), index)).toBe(0);
  expect(
    longestKnownRun(
      own.map((step) => -step),
      index,
    ),
  ).toBe(0);
});

test('bytes that are no index, or a part of one, are refused', () => {
  expect(() => readIndex(bytes.subarray(0, 5000))).toThrow('no index');
  expect(() => readIndex(new Uint8Array(32_776))).toThrow('no index');
  expect(() => readIndex(new Uint8Array(3))).toThrow('no index');
});

test('two indices together know what either does; of other grams or sizes they cannot be one', () => {
  const added = steps(4, 400);
  const both = readIndex(withBoth(bytes, buildIndex(gramsOf(added, 12), 12, 6, 18)));
  for (const gram of [...gramsOf(corpus, 12), ...gramsOf(added, 12)]) expect(both.has(gram)).toBe(true);
  for (const other of [buildIndex([], 11, 6, 18), buildIndex([], 12, 5, 18), buildIndex([], 12, 6, 17)])
    expect(() => withBoth(bytes, other)).toThrow('different grams or sizes');
});
