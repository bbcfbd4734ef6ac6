import { expect, test } from '@jest/globals';
import { formOf } from '../../src/music/form.ts';

/** Bars of two seconds from `fromMs`, and parts of the form by the bar (from 0) at which they begin. */
const movement = (fromMs: number, parts: Readonly<Record<string, number>>) => ({
  score: { barsMs: Array.from({ length: 41 }, (_, bar) => fromMs + bar * 2_000) },
  // A movement's first part begins with it, though its first bar may begin later, with an upbeat before.
  sections: Object.entries(parts).map(([name, bar]) => ({ name, startMs: fromMs + bar * 2_000 })),
});
const told = (...movements: Parameters<typeof formOf>[0][number][]) =>
  formOf(movements).map(({ ms, movement: number, bar, turn }) => [ms, number, bar, turn]);

test('a part that has the name of the first returns, however it is marked; bars and movements are counted from one', () => {
  expect(
    told(
      movement(0, { A: 0, B: 8, "A'": 24 }),
      movement(100_500, { theme: 0, 'episode 1': 16, 'theme again': 24 }),
    ),
  ).toEqual([
    [0, 1, 1, 'begins'],
    [16_000, 1, 9, 'leaves'],
    [48_000, 1, 25, 'returns'],
    [100_500, 2, 1, 'begins'],
    [132_500, 2, 17, 'leaves'],
    [148_500, 2, 25, 'returns'],
  ]);
  expect(
    told(movement(0, { theme: 0, 'variation 1': 16, 'variation 2': 32 })).map(([, , , turn]) => turn),
  ).toEqual(['begins', 'varies', 'varies']);
});

test('of a day without scores nothing is said, and the next movement keeps its number', () => {
  expect(told({ sections: [{ name: 'A', startMs: 0 }] })).toEqual([]);
  expect(told({}, movement(60_000, { A: 0 }))).toEqual([[60_000, 2, 1, 'begins']]);
});
