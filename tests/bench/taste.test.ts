import { expect, test } from '@jest/globals';
import { auc, line, regression } from '../../bench/taste/logistic.ts';
import { passagesOf } from '../../bench/taste/passages.ts';
import { seededRandom } from '../../src/music/random.ts';
import { logitOf } from '../../src/music/taste/taste.ts';
import { encode } from '../../src/music/tokens/vocabulary.ts';
import { scale } from '../support/music.ts';

test('a piece is cut into passages of so many seconds, each from 0 on; a short rest of it is left out', () => {
  const tokens = encode(scale(70_000)).slice(0, -1);
  const passages = passagesOf({ file: 'x', source: 'y', tokens }, 30_000, 24);
  expect(passages).toHaveLength(2);
  expect(passages[0]!.notes).toHaveLength(60);
  for (const { notes, notesPerSecond } of passages) {
    expect([notes[0]!.onsetMs, notes.at(-1)!.onsetMs]).toEqual([0, 29_500]);
    expect(notesPerSecond).toBeCloseTo(60 / 29.5, 5);
  }
  expect(passages[1]!.from).toBe(passages[0]!.to);
  expect(passagesOf({ file: 'x', source: 'y', tokens }, 30_000, 61)).toEqual([]);
});

test('the regression tells apart what differs, whatever scale it has, and how many there are of each', () => {
  const random = seededRandom(1);
  const rows = (shift: number, count: number) =>
    Array.from({ length: count }, () => [1000 * (random() + shift), random() / 1000]);
  const classifier = regression(rows(0.5, 400), rows(0, 100));
  const logits = (list: number[][]) => list.map((row) => logitOf(row, classifier));
  expect(auc(logits(rows(0.5, 200)), logits(rows(0, 200)))).toBeGreaterThan(0.8);
  expect(Math.abs(classifier.weights[1]!)).toBeLessThan(0.3 * classifier.weights[0]!);
  // Where nothing tells them apart it is undecided, although there are more of one.
  const alike = regression(rows(0, 400), rows(0, 100));
  expect(Math.abs(logitOf([500, 0.0005], alike))).toBeLessThan(0.2);
});

test('AUC is the share of pairs in the right order; ties count half', () => {
  expect(auc([3, 4], [1, 2])).toBe(1);
  expect(auc([1, 2], [3, 4])).toBe(0);
  expect(auc([1, 3], [2, 3])).toBe((0 + 0 + 1 + 0.5) / 4);
});

test('a line goes through points that lie on one', () => {
  const { level, slope } = line([
    [0, 9],
    [1, 8],
    [3, 6],
  ]);
  expect(level).toBeCloseTo(9, 10);
  expect(slope).toBeCloseTo(-1, 10);
});
