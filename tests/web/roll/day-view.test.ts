import { expect, test } from '@jest/globals';
import { dayView, playingZoom, spanAt, wholeSpan } from '../../../web/roll/day-view.ts';

const MINUTES_5 = 300_000;
const WIDTH = 1_000;
/** A leader of 200 pixels, and 50 after the end: 750 for the music, 400 ms a pixel. */
const BLANK = { before: 200, after: 50, above: 0 };
const WHOLE_MS = 400_000;
const at = (positionMs: number, zoom: number, byPages = false) =>
  dayView(positionMs, MINUTES_5, zoom, WIDTH, BLANK, byPages);
/** The zoom at which so much is seen. */
const zoomOf = (spanMs: number) => Math.log(spanMs / WHOLE_MS) / Math.log(8_000 / WHOLE_MS);

test('the whole roll lies between its leader and its end, wherever the music stands', () => {
  expect(wholeSpan(MINUTES_5, WIDTH, BLANK)).toBe(WHOLE_MS);
  for (const ms of [0, 100_000, MINUTES_5]) expect(at(ms, 0)).toEqual({ startMs: -80_000, spanMs: WHOLE_MS });
});

test('it is seen as near as eight seconds, and never nearer than a short piece is long', () => {
  expect(spanAt(WHOLE_MS, 1)).toBeCloseTo(8_000);
  expect(spanAt(3_000, 1)).toBe(3_000);
  expect(wholeSpan(0, 0, BLANK)).toBeGreaterThan(0);
});

test('near, the paper flows under a playhead that stands at a third, its leader and its end too', () => {
  for (const ms of [0, 150_000, MINUTES_5]) {
    const { startMs, spanMs } = at(ms, zoomOf(9_000));
    expect(spanMs).toBeCloseTo(9_000);
    expect(startMs).toBeCloseTo(ms - 3_000);
  }
});

test('between the whole and the near nothing jumps', () => {
  let before = at(0, 0).startMs;
  for (let zoom = 0.01; zoom <= 1; zoom += 0.01) {
    const { startMs, spanMs } = at(0, zoom);
    expect(Math.abs(startMs - before)).toBeLessThan(0.05 * spanMs + 4_000);
    before = startMs;
  }
});

test('where motion is unwelcome it lies still, and turns page by page within its ends', () => {
  const zoom = zoomOf(10_000);
  const { startMs } = at(0, zoom, true);
  expect(startMs).toBeCloseTo(-80_000 + 80_000);
  expect(at(9_900, zoom, true).startMs).toBeCloseTo(startMs);
  expect(at(10_100, zoom, true).startMs).toBeCloseTo(startMs + 10_000);
  expect(at(MINUTES_5, zoom, true).startMs).toBeLessThanOrEqual(-80_000 + WHOLE_MS - 10_000 + 1e-6);
});

test('it plays as near as 84 pixels a second, on a phone eight seconds; a piece that is shorter whole', () => {
  expect(spanAt(WHOLE_MS, playingZoom(WHOLE_MS, 1_260))).toBeCloseTo(15_000);
  expect(spanAt(WHOLE_MS, playingZoom(WHOLE_MS, 390))).toBeCloseTo(8_000);
  expect(playingZoom(7_000, 390)).toBe(0);
  expect(playingZoom(12_000, 1_260)).toBe(0);
});
