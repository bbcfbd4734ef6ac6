import { expect, test } from '@jest/globals';
import {
  acrossOf,
  alongOf,
  holeBreadth,
  opening,
  rollLayout,
  tipMs,
  viewStartMs,
} from '../../web/roll-layout.ts';

const wide = rollLayout(1_280, 460);
const narrow = rollLayout(390, 500);

test('a wide screen runs sideways, a narrow one upwards with the bass at the left', () => {
  expect(wide.vertical).toBe(false);
  expect(narrow.vertical).toBe(true);
  expect(narrow.along).toBe(500);
  expect(acrossOf(narrow, 21)).toBeLessThan(acrossOf(narrow, 108));
  expect(acrossOf(narrow, 108)).toBeLessThan(390);
});

test('what plays now lies under the playhead, at two thirds', () => {
  const start = viewStartMs(wide, 60_000, false);
  expect(alongOf(wide, start, 60_000)).toBeCloseTo((1_280 * 2) / 3, 6);
});

test('page by page, the paper lies still while the playhead goes from edge to edge', () => {
  const at = (ms: number) => alongOf(wide, viewStartMs(wide, ms, true), ms);
  expect(viewStartMs(wide, 100, true)).toBe(viewStartMs(wide, wide.spanMs - 1, true));
  expect(at(0)).toBe(0);
  expect(at(wide.spanMs - 1)).toBeCloseTo(1_280, 0);
  expect(at(wide.spanMs)).toBe(0);
});

test('louder is wider, and a hole opens in 60 ms', () => {
  expect(holeBreadth(wide, 100)).toBeGreaterThan(holeBreadth(wide, 40));
  expect([opening(-1), opening(0), opening(30), opening(60), opening(900)]).toEqual([0, 0, 0.5, 1, 1]);
});

test('the leader has left the strip before the first hole reaches its end', () => {
  expect(alongOf(wide, viewStartMs(wide, 0, false), tipMs(wide))).toBeLessThan(-300);
  expect(alongOf(wide, viewStartMs(wide, -10_000, false), tipMs(wide))).toBeCloseTo(0.03 * 1_280, 6);
});
