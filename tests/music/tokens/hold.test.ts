import { expect, test } from '@jest/globals';
import { holder } from '../../../src/music/tokens/hold.ts';
import { DURATIONS_MS, NO_TOUCH, TOUCH, VOCABULARY_SIZE } from '../../../src/music/tokens/vocabulary.ts';

const bentBy = (sounding: number, times = 200) => {
  const hold = holder();
  for (let i = 0; i < times; i++) hold.struck(sounding);
  const logits = new Float32Array(VOCABULARY_SIZE);
  hold.bend(logits);
  return logits;
};
const touchOf = (bin: number) => TOUCH + 32 * bin + 16;
const LONG = DURATIONS_MS.length - 1;

test('where too many notes sound shorter ones are favoured, where too few longer ones; in between nothing is', () => {
  expect(bentBy(20)[touchOf(0)]! - bentBy(20)[touchOf(LONG)]!).toBeGreaterThan(2);
  expect(bentBy(2)[touchOf(LONG)]! - bentBy(2)[touchOf(0)]!).toBeGreaterThan(2);
  for (const sounding of [5.7, 7.9]) expect(bentBy(sounding).every((value) => value === 0)).toBe(true);
  for (const sounding of [5, 8.5]) expect(bentBy(sounding).some((value) => value !== 0)).toBe(true);
  expect(bentBy(20, 2).every((value) => value === 0)).toBe(true);
});

test('where a half of what should sounds, a duration e times as long is e² as probable', () => {
  const logits = bentBy(5.6 / 2, 2000);
  const [short, long] = [DURATIONS_MS[10]!, DURATIONS_MS[20]!];
  const slope = (logits[touchOf(20)]! - logits[touchOf(10)]!) / Math.log(long / short);
  expect(slope).toBeCloseTo(2 * Math.log(2), 2);
});

test('durations alone are bent, and loudness is not', () => {
  const logits = bentBy(20);
  expect(logits.subarray(0, TOUCH).every((value) => value === 0)).toBe(true);
  expect(logits.subarray(NO_TOUCH).every((value) => value === 0)).toBe(true);
  // The probability of each velocity, over all durations, is what it was.
  const massOf = (velocity: number) =>
    DURATIONS_MS.reduce((sum, _, bin) => sum + Math.exp(logits[TOUCH + 32 * bin + velocity]!), 0);
  for (let velocity = 0; velocity < 32; velocity++) expect(massOf(velocity)).toBeCloseTo(32, 3);
});

test('with whatever logits, however large, each velocity stays as probable as it was', () => {
  const hold = holder();
  for (let i = 0; i < 2000; i++) hold.struck(3);
  const before = Float32Array.from({ length: VOCABULARY_SIZE }, (_, id) => 1_000 + 9 * Math.sin(id * 1.7));
  const after = before.slice();
  hold.bend(after);
  const massOf = (logits: Float32Array, velocity: number) =>
    DURATIONS_MS.reduce((sum, _, bin) => sum + Math.exp(logits[TOUCH + 32 * bin + velocity]! - 1_000), 0);
  for (let velocity = 0; velocity < 32; velocity++) {
    expect(massOf(after, velocity) / massOf(before, velocity)).toBeCloseTo(1, 2);
  }
  expect(after[touchOf(LONG)]! - before[touchOf(LONG)]!).toBeGreaterThan(1);
});
