import { expect, test } from '@jest/globals';
import { datesFrom } from '../../bench/week/composed.ts';
import { likeness } from '../../bench/week/motif.ts';
import { samplerOf } from '../../src/compose/sampler.ts';
import { type Theme, themeOf } from '../../src/compose/week-theme.ts';
import { scoreModel } from '../support/score-model.ts';

const signal = new AbortController().signal;
const themes = (dates: readonly string[], lowest?: number) =>
  Promise.all(
    dates.map(
      async (date) => (await themeOf(date, samplerOf(scoreModel(lowest ? { lowest } : {})), null, signal))!,
    ),
  );
/** All of it, in order: the network of the tests leaves most to the left hand. */
const lineOf = ({ notes }: Theme) => notes.map(({ pitch }) => pitch);

test('the theme of a week is the same tune each day, each in its key, and another in the next week', async () => {
  const week = await themes(datesFrom('2026-11-23', 7));
  const lines = week.map(lineOf);
  expect(lines[0]!.length).toBe(9);
  expect(lines.map((line) => likeness(lines[0]!, line))).toEqual([1, 1, 1, 1, 1, 1, 1]);
  const tonic = week[0]!.home.tonic;
  expect(week.map(({ home }) => (home.tonic - tonic + 12) % 12)).toEqual([0, 7, 2, 9, 4, 5, 0]);
  const [next] = await themes(['2026-11-30']);
  expect(likeness(lines[0]!, lineOf(next!))).toBeLessThan(0.8);
});

test('a theme that lies at an end of the keyboard stays on it every day, and is the same tune', async () => {
  for (const lowest of [21, 68]) {
    const week = await themes(datesFrom('2026-11-23', 7), lowest);
    const lines = week.map(lineOf);
    const edges = lines.map((line) => [Math.min(...line), Math.max(...line)] as const);
    for (const [low, high] of edges) expect([low >= 21, high <= 108]).toEqual([true, true]);
    expect(lines.map((line) => likeness(lines[0]!, line))).toEqual([1, 1, 1, 1, 1, 1, 1]);
  }
});
