import { expect, test } from '@jest/globals';
import { seededRandom } from '../../../src/music/random.ts';
import { lowest, valueAt, type Ways } from '../../../web/listener/lowest-line.ts';

const OFFSET = 1_795_000_000_000;
/** A ping at a local time, whose ways took so long, to a clock that is ahead by OFFSET and drifts. */
const ping = (at: number, upMs: number, downMs: number, drift = 0): Ways => ({
  at,
  up: upMs + OFFSET + drift * at,
  down: downMs - OFFSET - drift * at,
});

test('one ping is taken at its word: half of what its ways differ by', () => {
  const line = lowest([ping(1_000, 30, 10)], 1_020);
  expect(line.at).toBe(1_020);
  expect(line.offset).toBe(OFFSET + 10);
  expect(Math.abs(line.slope)).toBeLessThan(1e-12);
});

test('a ping that was slow one way still tells of the other', () => {
  // No exchange was quick both ways: offsets of whole round trips would be 40 ms off, either way.
  const line = lowest([ping(0, 20, 100), ping(120, 100, 20), ping(240, 20, 100)], 300);
  expect(Math.abs(line.offset - OFFSET)).toBeLessThan(0.01);
});

test('delays of the server’s function on the way up move the line by half of the shortest, not of the mean', () => {
  const random = seededRandom(5);
  const delay = () => -10 * Math.log(1 - random());
  const pings = Array.from({ length: 20 }, (_, i) => ping(i * 500, 20 + delay(), 20));
  const shortest = Math.min(...pings.map(({ up }) => up)) - OFFSET - 20;
  const line = lowest(pings, 10_000);
  // The mean would be off by 5.
  expect(shortest).toBeLessThan(2);
  expect(Math.abs(line.offset - OFFSET - shortest / 2)).toBeLessThan(0.3);
});

test.each([-80e-6, -40e-6, 20e-6, 40e-6])(
  'a drift of %p is found in five minutes of jitter, to 8 ppm',
  (drift) => {
    const random = seededRandom(11);
    const jitter = () => -4 * Math.log(1 - random());
    const pings = Array.from({ length: 16 }, (_, i) => ping(i * 20_000, 40 + jitter(), 40 + jitter(), drift));
    const line = lowest(pings, 300_000);
    expect(Math.abs(line.slope - drift)).toBeLessThan(8e-6);
    expect(Math.abs(valueAt(line, 300_000) - OFFSET - drift * 300_000)).toBeLessThan(1.5);
  },
);

test('of a drift nothing is believed before there is time to see it', () => {
  const pings = [0, 120, 240, 360, 480].map((at, i) => ping(at, 20 + (i % 3), 20 + i));
  expect(Math.abs(lowest(pings, 600).slope)).toBeLessThan(1e-6);
});

test('another clock, however it is set, tells of the drift alone', () => {
  const drift = 60e-6;
  const pings = Array.from({ length: 6 }, (_, i) => ping(i * 120, 20, 20, drift));
  const alone = lowest(pings, 300_000);
  // Five seconds ahead, and asked for five minutes by a quick way.
  const others = [10, 60, 120, 200, 300].map((s) => {
    const { at, up, down } = ping(s * 1_000, 3, 3, drift);
    return { at, up: up + 5_000, down: down - 5_000 };
  });
  const told = lowest(pings, 300_000, [others]);
  expect(Math.abs(told.slope - drift)).toBeLessThan(2e-6);
  expect(Math.abs(told.offset - OFFSET - drift * 300_000)).toBeLessThan(0.6);
  // Nothing in seven tenths of a second tells of a drift.
  expect(Math.abs(alone.slope)).toBeLessThan(5e-6);
});

test('of two other clocks each has floors of its own: what they are apart is no drift', () => {
  const pings = Array.from({ length: 6 }, (_, i) => ping(i * 120, 20, 20));
  const set = (aheadMs: number, ...seconds: number[]) =>
    seconds.map((s) => {
      const { at, up, down } = ping(s * 1_000, 3, 3);
      return { at, up: up + aheadMs, down: down - aheadMs };
    });
  const told = lowest(pings, 300_000, [set(-12, 10, 65, 120), set(12, 175, 230, 285)]);
  expect(Math.abs(told.slope)).toBeLessThan(2e-6);
  // As one clock they would be a drift.
  const mistaken = lowest(pings, 300_000, [[...set(-12, 10, 65, 120), ...set(12, 175, 230, 285)]]);
  expect(mistaken.slope).toBeGreaterThan(20e-6);
});
