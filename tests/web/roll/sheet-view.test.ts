import { expect, test } from '@jest/globals';
import type { DayView } from '../../../web/roll/day-view.ts';
import { holds, type Sheet, sheetFor, sheetLength } from '../../../web/roll/sheet-view.ts';

const SPAN = 8_000;
/** Of a strip on a desktop. */
const STRIPS = 1.75;
const view = (startMs: number, spanMs = SPAN): DayView => ({ startMs, spanMs });

/** How often a sheet is painted while these views are seen one after the other. */
function paintings(starts: readonly number[]): number {
  let painted: Sheet | null = null;
  let count = 0;
  for (const startMs of starts) {
    if (holds(painted, view(startMs))) continue;
    painted = sheetFor(painted, view(startMs), STRIPS);
    expect(holds(painted, view(startMs))).toBe(true);
    count++;
  }
  return count;
}
const steps = (from: number, to: number, by: number): number[] =>
  Array.from(
    { length: Math.abs(Math.round((to - from) / by)) },
    (_, i) => from + i * by * Math.sign(to - from),
  );

test('paper that is drawn on is painted once in six tenths of a strip, whichever way it is drawn', () => {
  const most = Math.ceil(80_000 / (0.8 * (STRIPS - 1) * SPAN)) + 1;
  expect(paintings(steps(0, 80_000, 100))).toBeLessThanOrEqual(most);
  expect(paintings(steps(80_000, 0, 100))).toBeLessThanOrEqual(most);
});

test('a hand that goes to and fro within half a strip has it painted twice, not each time', () => {
  const there = steps(0, SPAN / 2, 100);
  const andBack = steps(SPAN / 2, 0, 100);
  const often = Array.from({ length: 20 }, () => [...there, ...andBack]).flat();
  expect(paintings(often)).toBeLessThanOrEqual(2);
});

test('where it comes nearer it is painted anew, and around what is seen', () => {
  const before = sheetFor(null, view(10_000), STRIPS);
  expect(holds(before, view(10_000, 7_000))).toBe(false);
  const { startMs, spanMs } = sheetFor(before, view(9_000, 7_000), STRIPS);
  expect(spanMs).toBe(7_000);
  expect(startMs).toBeCloseTo(9_000 - 0.2 * (STRIPS - 1) * 7_000, 6);
});

test('a sheet is 1.75 strips long, and on a narrow screen 1,600 pixels', () => {
  expect(sheetLength(1_280)).toBe(1.75);
  expect(sheetLength(400)).toBe(4);
  // A canvas that is not laid out yet has no width.
  expect(sheetLength(0)).toBe(1_600);
});
