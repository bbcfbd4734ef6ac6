import { expect, test } from '@jest/globals';
import type { BroadcastState } from '../../../src/wire.ts';
import { LOOK_AHEAD_MS } from '../../../web/score/scheduler.ts';
import { beforeMusic, STROKES, TUNING } from '../../../web/sound/before.ts';

/** A listener whose clock is set by hand; what is scheduled is told as [what, ms from T0]. */
function waiting() {
  const told: [string, number][] = [];
  const at = { ms: null as number | null, id: 'a' as string | null, state: 'doors' as BroadcastState };
  let silences = 0;
  const before = beforeMusic({
    broadcast: () => (at.id === null ? null : { id: at.id, state: at.state }),
    position: () => at.ms,
    strike: ({ onsetMs }) => told.push(['note', onsetMs]),
    stroke: ({ ms }) => told.push(['stroke', ms]),
    silence: () => silences++,
  });
  return {
    at,
    before,
    silences: () => silences,
    /** All that comes of ticks from one position to another, every 50 ms. */
    from(fromMs: number, toMs: number) {
      told.length = 0;
      for (at.ms = fromMs; at.ms < toMs; at.ms += 50) before.tick();
      return [...told];
    },
  };
}
const LAST_TEN = [-9_600, -7_950, -6_300, -4_650, -3_000];

test('from ten seconds before T0 bellows and one note are heard, each scheduled once, and nothing reaches the music', () => {
  const { from } = waiting();
  expect(from(-60_000, 3_000)).toEqual([
    ['stroke', -9_600],
    ['stroke', -7_950],
    ['stroke', -6_300],
    ['note', -6_000],
    ['stroke', -4_650],
    ['stroke', -3_000],
  ]);
  expect(Math.max(...STROKES.map(({ ms, lengthMs }) => ms + lengthMs))).toBe(-1_100);
  expect(TUNING.onsetMs + TUNING.durationMs).toBe(-3_600);
  expect(TUNING.pitch).toBe(69);
});

test('one stroke tells that the doors are open, ten seconds after they are', () => {
  expect(waiting().from(-300_000, -200_000)).toEqual([['stroke', -290_000]]);
});

test('whoever comes late hears what is still to come, and nothing that has begun', () => {
  expect(waiting().from(-7_900, 0)).toEqual([
    ['stroke', -6_300],
    ['note', -6_000],
    ['stroke', -4_650],
    ['stroke', -3_000],
  ]);
  // Nearer than 60 ms nothing can be placed to the sample.
  expect(waiting().from(-6_050, -5_500)).toEqual([['stroke', -4_650]]);
  expect(waiting().from(-6_060, -5_500)).toContainEqual(['note', -6_000]);
  expect(waiting().from(-2_000, 500)).toEqual([]);
  expect(waiting().from(0, 10_000)).toEqual([]);
});

test('each is scheduled as far ahead as the music is, whatever a page is late by', () => {
  const { before, at, from } = waiting();
  expect(from(TUNING.onsetMs - LOOK_AHEAD_MS, TUNING.onsetMs - LOOK_AHEAD_MS + 1)).not.toContainEqual([
    'note',
    -6_000,
  ]);
  at.ms = -6_700;
  before.tick();
  expect(from(-6_690, -6_680)).toEqual([]);
});

test('after a clock has jumped what was scheduled is void, and what has not begun comes again', () => {
  const { from, before, silences } = waiting();
  expect(from(-12_000, -7_000).map(([, ms]) => ms)).toEqual([-9_600, -7_950, -6_300, -6_000]);
  before.reset();
  expect(silences()).toBe(2);
  expect(from(-7_000, -4_000).map(([, ms]) => ms)).toEqual([-6_300, -6_000, -4_650, -3_000]);
});

test('another broadcast has its own; what is called off, or not known, is not announced', () => {
  const { at, from } = waiting();
  from(-12_000, -3_000);
  at.id = 'b';
  expect(
    from(-12_000, 0)
      .filter(([what]) => what === 'stroke')
      .map(([, ms]) => ms),
  ).toEqual(LAST_TEN);
  for (const state of ['scheduled', 'ended', 'stopped', 'cancelled'] as const) {
    at.id = `c ${state}`;
    at.state = state;
    expect(from(-12_000, 0)).toEqual([]);
  }
  at.id = null;
  expect(from(-12_000, 0)).toEqual([]);
  at.id = 'd';
  at.state = 'live';
  expect(from(-12_000, 0)).toHaveLength(6);
});

test('while the clock is not known nothing is scheduled', () => {
  const { at, before, from } = waiting();
  at.ms = null;
  before.tick();
  expect(from(-2_000, -1_990)).toEqual([]);
});
