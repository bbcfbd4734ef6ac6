import { expect, test } from '@jest/globals';
import {
  acrossOf,
  alongOf,
  holeBreadth,
  isStale,
  opening,
  rollLayout,
  TILE_MS,
  type TileState,
  tileLength,
  tilesInView,
  tilesToPaint,
  tipMs,
  viewStartMs,
} from '../../../web/roll/layout.ts';

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

test('tiles cover what is seen, each after the other', () => {
  const start = viewStartMs(wide, 60_000, false);
  const [first, last] = tilesInView(wide, start);
  expect(alongOf(wide, start, first * TILE_MS)).toBeLessThanOrEqual(0);
  expect(alongOf(wide, start, (last + 1) * TILE_MS)).toBeGreaterThan(wide.along);
  expect(last - first + 1).toBeLessThanOrEqual(wide.spanMs / TILE_MS + 1);
  expect(tileLength(wide)).toBeCloseTo(alongOf(wide, 0, TILE_MS), 9);
});

const notes: readonly never[] = [];
const at = (positionMs: number, other: Partial<TileState> = {}): TileState => ({
  notes,
  pedal: notes,
  form: notes,
  here: 1,
  edition: 1,
  positionMs,
  ...other,
});

test('a tile is painted while it is punched and its last holes open, and then no more', () => {
  expect(isStale(6, null, at(0))).toBe(true);
  expect(isStale(6, at(5_000), at(5_990))).toBe(false);
  expect(isStale(6, at(5_990), at(6_010))).toBe(true);
  expect(isStale(6, at(6_990), at(7_010))).toBe(true);
  expect(isStale(6, at(7_119), at(7_140))).toBe(true);
  expect(isStale(6, at(7_120), at(7_140))).toBe(false);
  // The same instant again is the same picture; an earlier one is not.
  expect(isStale(6, at(6_500), at(6_500))).toBe(false);
  expect(isStale(6, at(20_000), at(19_000))).toBe(true);
});

test('new music, colours or listeners make every tile stale', () => {
  expect(isStale(2, at(20_000), at(20_020))).toBe(false);
  for (const news of [{ notes: [] }, { pedal: [] }, { edition: 2 }, { here: 2 }])
    expect(isStale(2, at(20_000), at(20_020, news))).toBe(true);
});

test('however many tiles are stale, a frame paints four at most, the one under the playhead among them', () => {
  expect(tilesToPaint([0, 1, 2, 3, 4, 5, 6], 4 * TILE_MS + 1)).toEqual([4, 3, 5, 2]);
  expect(tilesToPaint([6, 0], 4 * TILE_MS)).toEqual([6, 0]);
  expect(tilesToPaint([0, 1, 2, 3], 5 * TILE_MS)).toEqual([3, 2, 1]);
  expect(tilesToPaint([], 0)).toEqual([]);
});
