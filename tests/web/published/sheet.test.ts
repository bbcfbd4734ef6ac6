import { expect, test } from '@jest/globals';
import { barAt, type SheetPages, timeAt } from '../../../web/published/sheet.ts';

/** Two bars side by side, one below them, one on the next page after a second of silence. */
const SHEET: SheetPages = {
  pages: 2,
  bars: [
    [0, 2_000, 0, 0.1, 0.2, 0.4, 0.1],
    [2_000, 4_000, 0, 0.5, 0.2, 0.4, 0.1],
    [4_000, 6_000, 0, 0.1, 0.4, 0.8, 0.1],
    [7_000, 9_000, 1, 0.1, 0.2, 0.8, 0.1],
  ],
};
const numberAt = (ms: number) => barAt(SHEET, ms)?.number ?? null;

test('the bar that is heard is the one that has begun and is not over', () => {
  expect([0, 1_999, 2_000, 5_999, 7_000, 8_999].map(numberAt)).toEqual([0, 0, 1, 2, 3, 3]);
  expect([-1, 6_000, 6_999, 9_000].map(numberAt)).toEqual([null, null, null, null]);
  expect(barAt(SHEET, 7_500)).toEqual({ number: 3, page: 1, box: [0.1, 0.2, 0.8, 0.1] });
});

test('a press finds the nearest bar of the page, also a little above its staves', () => {
  expect(timeAt(SHEET, 0, 0.3, 0.25)).toBe(0);
  expect(timeAt(SHEET, 0, 0.7, 0.17)).toBe(2_000);
  expect(timeAt(SHEET, 0, 0.3, 0.36)).toBe(4_000);
  expect(timeAt(SHEET, 1, 0.3, 0.25)).toBe(7_000);
  expect(timeAt(SHEET, 1, 0.3, 0.9)).toBeNull();
  expect(timeAt(SHEET, 0, 0.05, 0.25)).toBeNull();
});
