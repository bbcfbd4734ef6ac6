import { expect, test } from '@jest/globals';
import { memoryBroadcasts } from '../../src/adapters/memory/memory.ts';
import { memoryPunches } from '../../src/adapters/memory/punches.ts';
import { MOST_HOLES, PUNCH_MS, punch } from '../../src/broadcast/margin/punch.ts';
import type { BroadcastChange } from '../../src/ports.ts';

const T0 = 1_790_000_000_000;
const DURATION = 180_000;
const END = T0 + DURATION;

async function setUp(change: BroadcastChange = {}) {
  const broadcasts = memoryBroadcasts();
  await broadcasts.schedule({ id: 'b', startsAt: T0, wanted: '2026-11-21', next: null });
  const lease = await broadcasts.acquire('b', 'one', 0, Number.MAX_SAFE_INTEGER);
  if (!('epoch' in lease)) throw new Error('somebody holds it');
  const played = { state: 'ended', performance: '2026-11-21', durationMs: DURATION, ...change } as const;
  await broadcasts.change(lease, played);
  const punches = memoryPunches();
  let now = END;
  const ports = { broadcasts, punches, clock: { now: () => now } };
  return {
    punches,
    at: async (ms: number, id = 'a', broadcast = 'b', mayPunch = () => true) => {
      now = ms;
      const { outcome, holes } = await punch(id, broadcast, { ...ports, mayPunch });
      return [outcome, holes];
    },
  };
}

test('from a second before the last note’s end for ten minutes each listener has one hole', async () => {
  const { at, punches } = await setUp();
  expect(await at(END - 1_001)).toEqual(['early', null]);
  expect(await at(END + PUNCH_MS)).toEqual(['late', null]);
  expect([...(await punches.all())]).toEqual([]);
  expect(await at(END - 1_000)).toEqual(['punched', 1]);
  expect(await at(END)).toEqual(['again', 1]);
  expect(await at(END + PUNCH_MS - 1, 'b')).toEqual(['punched', 2]);
  expect(await punches.all()).toEqual(new Map([['2026-11-21', 2]]));
});

test('what is no broadcast, or has no margin, is answered so, and nothing is counted', async () => {
  const none = await setUp();
  expect(await none.at(END, 'a', 'another')).toEqual(['unknown', null]);
  for (const change of [
    { state: 'stopped' },
    { performance: null },
    { durationMs: null },
    { performance: '2026-11-21-extra' },
  ] as const) {
    const { at, punches } = await setUp(change);
    expect(await at(END)).toEqual(['unknown', null]);
    expect([...(await punches.all())]).toEqual([]);
  }
});

test('an address that has punched too often is told to wait, and counts for nothing', async () => {
  const { at, punches } = await setUp();
  expect(await at(END, 'a', 'b', () => false)).toEqual(['wait', null]);
  expect([...(await punches.all())]).toEqual([]);
});

test('the margin holds two thousand', async () => {
  const { at } = await setUp();
  for (let i = 0; i < MOST_HOLES; i++) await at(END, `${i}`);
  expect(await at(END, 'one more')).toEqual(['full', 2_000]);
});
