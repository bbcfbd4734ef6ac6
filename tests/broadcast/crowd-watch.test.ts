/** How a broadcaster watches its crowd: when it counts, divides, starts helpers, and takes on what nobody attends to. */
import { describe, expect, test } from '@jest/globals';
import { memoryDivisions } from '../../src/adapters/memory/divisions.ts';
import { audience } from '../../src/broadcast/audience.ts';
import { type CrowdPorts, crowd, FOR_GOOD } from '../../src/broadcast/crowd.ts';
import { type HelpPorts, help, isTooLate } from '../../src/broadcast/helper.ts';
import type { Broadcast, Helper, Lease, Post } from '../../src/ports.ts';
import { parseFrame } from '../../src/wire.ts';
import { fakeClock } from '../support/fake-clock.ts';

const LEASE: Lease = { broadcast: 'b', owner: 'one', epoch: 5 };
const T0 = 1_000_000;
const ROW = {
  ...{ id: 'b', state: 'live', startsAt: T0, wanted: 'd', performance: 'd', title: null, encore: false },
  ...{
    durationMs: 600_000,
    startLatenessMs: 0,
    heard: 0,
    fetchedFrom: null,
    fetchedUntil: null,
    epoch: 5,
    next: null,
  },
} as const satisfies Broadcast;

function setting(listeners: number, parts: Partial<CrowdPorts> = {}) {
  const clock = fakeClock(T0);
  const state = { listeners, counted: 0 };
  const divisions = memoryDivisions();
  const woken: [number, number][] = [];
  const shares: number[] = [];
  const log: [string, unknown][] = [];
  const posted: string[] = [];
  const connections = {
    ...{ add: async () => {}, remove: async () => {} },
    async count() {
      state.counted++;
      return state.listeners;
    },
    async list(part?: { index: number; of: number }) {
      return [part ? `of part ${part.index}` : 'of all'];
    },
  };
  const post: Post = async (id, frame) => {
    posted.push(`${id}: ${parseFrame(frame)?.type ?? frame}`);
    return 'sent' as const;
  };
  const tell = (event: string, details?: unknown) => void log.push([event, details]);
  const ours = audience({ connections, post, clock, log: tell });
  const ports = {
    ...{ divisions, clock, log: tell, connections, listenersEach: 100, partsAtMost: 4, postsPerSecond: 50 },
    wake: async (_lease: Lease, part: number) => void woken.push([clock.now() - T0, part]),
    share: (fraction: number) => void shares.push(fraction),
    ...parts,
  };
  const shared = crowd(LEASE, ours, ports);
  const watch = async (atMs: number) => {
    await clock.runTo(T0 + atMs);
    await shared.watch(ROW);
  };
  const helper = (part: number, name = `helper ${part}`): Helper => ({
    name,
    broadcast: 'b',
    epoch: 5,
    part,
  });
  const attend = (part: number, untilMs: number) => divisions.attend(helper(part), clock.now(), T0 + untilMs);
  return { clock, state, divisions, woken, shares, log, posted, ours, shared, watch, attend, helper };
}

describe('a crowd', () => {
  test('is looked after each five seconds, and counted each fifteen', async () => {
    const { watch, state, shares } = setting(50);
    for (const at of [0, 4_999, 5_000, 9_999, 10_000, 14_999]) await watch(at);
    expect([state.counted, shares]).toEqual([1, [1, 1, 1]]);
    await watch(15_000);
    expect([state.counted, shares.length]).toEqual([2, 4]);
  });

  test('of as many as one process bears is not divided', async () => {
    const { watch, divisions, woken, ours, log } = setting(100);
    await watch(0);
    expect(await divisions.get('b')).toBeNull();
    expect([woken, ours.parts(), ours.here(), log]).toEqual([[], 1, 100, []]);
  });

  test('that is larger is divided, its helpers are started, and what has one is his', async () => {
    const { watch, attend, divisions, woken, ours, log, shares } = setting(101);
    await watch(0);
    expect(await divisions.get('b')).toEqual({ epoch: 5, parts: 2, here: 101, attendedUntil: [0, 0] });
    expect(log).toEqual([['crowd.divided', { broadcast: 'b', parts: 2, listeners: 101 }]]);
    expect([woken, ours.has(0), ours.has(1)]).toEqual([[[0, 1]], true, false]);
    expect(shares).toEqual([1 / 2]);
    await attend(1, 30_000);
    await watch(5_000);
    await watch(25_000);
    expect([woken, ours.has(1)]).toEqual([[[0, 1]], false]);
  });

  test('is taken on where its helper has not begun within five seconds, and offered again after twenty', async () => {
    const { watch, woken, ours, posted, log, clock } = setting(101);
    await watch(0);
    await clock.runTo(T0 + 4_000);
    expect(ours.has(1)).toBe(false);
    await watch(5_000);
    expect(ours.has(1)).toBe(true);
    expect(log.at(-1)).toEqual(['crowd.taken_on', { broadcast: 'b', part: 1 }]);
    expect(posted).toEqual(['of part 1: hello']);
    // Chunk 0 plays, and is posted again with all that is due.
    expect(ours.posted()).toBe(-1);
    await watch(10_000);
    await watch(15_000);
    expect([woken, log.length]).toEqual([[[0, 1]], 2]);
    await watch(20_000);
    expect(woken).toEqual([
      [0, 1],
      [20_000, 1],
    ]);
  });

  test('is taken on from the chunk that plays', async () => {
    const { watch, ours } = setting(101);
    ours.begin(3);
    await watch(60_000);
    await watch(65_000);
    expect([ours.has(1), ours.posted()]).toEqual([true, 3]);
    const late = setting(101);
    late.ours.begin(7);
    await late.watch(60_000);
    await late.watch(65_000);
    expect(late.ours.posted()).toBe(3);
  });

  test('is left to a helper that comes after all', async () => {
    const { watch, attend, ours, shares } = setting(101);
    await watch(0);
    await watch(5_000);
    await attend(1, 40_000);
    await watch(10_000);
    expect([ours.has(1), shares]).toEqual([false, [1 / 2, 1, 1 / 2]]);
    await watch(39_999);
    expect(ours.has(1)).toBe(false);
  });

  test('that grows is divided further, and is not put together again', async () => {
    const { watch, state, ours, woken } = setting(150);
    await watch(0);
    state.listeners = 201;
    await watch(10_000);
    expect(ours.parts()).toBe(2);
    await watch(15_000);
    expect([ours.parts(), woken.slice(1)]).toEqual([
      4,
      [
        [15_000, 2],
        [15_000, 3],
      ],
    ]);
    state.listeners = 10;
    await watch(30_000);
    expect(ours.parts()).toBe(4);
  });

  test('that a predecessor of the same epoch has divided stays divided', async () => {
    const { watch, divisions, ours } = setting(10);
    await divisions.divide(LEASE, 4, 300);
    await watch(0);
    expect([ours.parts(), (await divisions.get('b'))?.here]).toEqual([4, 10]);
    const later = setting(10);
    await later.divisions.divide({ ...LEASE, epoch: 4 }, 4, 300);
    await later.watch(0);
    expect(later.ours.parts()).toBe(1);
  });

  test('whose helper cannot be started is told of, and posted to all the same', async () => {
    const { watch, log, ours } = setting(101, {
      wake: async () => Promise.reject(new Error('no concurrency')),
    });
    await watch(0);
    expect(log.at(-1)).toEqual(['crowd.wake_failed', { broadcast: 'b', part: 1, reason: 'no concurrency' }]);
    await watch(5_000);
    expect(ours.has(1)).toBe(true);
  });

  test('that cannot be looked after is told of, and looked after again in five seconds', async () => {
    let failures = 0;
    const broken = {
      ...memoryDivisions(),
      divide: async () => Promise.reject(new Error(`throttled ${++failures}`)),
    };
    const { watch, log, shares } = setting(101, { divisions: broken });
    await watch(0);
    await watch(4_000);
    await watch(15_000);
    expect(log).toEqual([
      ['crowd.failed', { broadcast: 'b', reason: 'throttled 1' }],
      ['crowd.failed', { broadcast: 'b', reason: 'throttled 2' }],
    ]);
    expect(shares).toEqual([]);
  });

  test('is dismissed when each helper has told the end; who is found dead is stood in for', async () => {
    const { watch, attend, shared, clock, posted, state, divisions, helper } = setting(201);
    await watch(0);
    expect(state.counted).toBe(1);
    await attend(1, 30_000);
    await attend(2, 8_000);
    await attend(3, 30_000);
    await clock.runTo(T0 + 1_000);
    const dismissed = shared.dismiss(['end']);
    void clock.sleepUntil(T0 + 12_000).then(async () => {
      for (const part of [1, 3]) await divisions.attend(helper(part), clock.now(), FOR_GOOD);
    });
    await clock.runUntil(dismissed);
    expect(clock.now()).toBe(T0 + 12_000);
    expect(posted).toEqual(['of part 2: end']);
  });

  test('that was never divided, or is another epoch’s now, is dismissed at once', async () => {
    const { shared, clock, posted } = setting(10);
    await clock.runUntil(shared.dismiss(['end']));
    const other = setting(101);
    await other.watch(0);
    await other.divisions.divide({ ...LEASE, epoch: 6 }, 2, 101);
    await other.clock.runUntil(other.shared.dismiss(['end']));
    expect([clock.now(), other.clock.now(), posted, other.posted]).toEqual([T0, T0, [], []]);
  });
});

test('a wish for help is answered within a minute', () => {
  expect([isTooLate(0, 60_000), isTooLate(0, 60_001)]).toEqual([false, true]);
});

test('a helper for a part that another attends to leaves without a word', async () => {
  const { watch, attend, clock, divisions, posted, helper } = setting(101);
  await watch(0);
  await attend(1, 30_000);
  const told: string[] = [];
  const ports = {
    divisions,
    clock,
    log: (event: string) => void told.push(event),
  } as Partial<HelpPorts> as HelpPorts;
  expect(await help(helper(1, 'another'), ports)).toBe('elsewhere');
  expect([told, posted]).toEqual([[], []]);
});
