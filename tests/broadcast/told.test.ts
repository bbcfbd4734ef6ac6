/** What an operator's log and the books tell of a broadcast, line by line. */
import { expect, test } from '@jest/globals';
import { type BroadcastPorts, broadcast } from '../../src/broadcast/broadcast.ts';
import { timelines } from '../../src/broadcast/timelines.ts';
import type { BroadcastRecord } from '../../src/ports.ts';
import { parseFrame } from '../../src/wire.ts';
import { ID as CROWD, crowdStation } from '../support/crowd-station.ts';
import { memoryBroadcast } from '../support/memory-broadcast.ts';
import { scale, stored } from '../support/music.ts';

const T0 = 1_000_000_000;
const DAY = '2026-11-21';
const ID = `daily@${T0}`;

async function evening(days: readonly string[] = [DAY], now = T0 - 300_000) {
  const row = { id: ID, startsAt: T0, wanted: DAY, next: T0 + 86_400_000 };
  const archive = Object.fromEntries(days.map((day) => [day, scale(40_000)]));
  const memory = await memoryBroadcast(row, now, archive);
  const { clock, performances, broadcasts, connections } = memory;
  const log: unknown[] = [];
  const frames: string[] = [];
  const kept: BroadcastRecord[] = [];
  const ports: BroadcastPorts = {
    ...memory,
    log: (event, details) => void log.push([clock.now() - T0, event, details]),
    async post(_id, text) {
      const frame = parseFrame(text)!;
      frames.push(
        `${clock.now() - T0} ${frame.type}${'state' in frame && typeof frame.state === 'string' ? ` ${frame.state}` : ''}`,
      );
      return 'sent' as const;
    },
    keepRecord: async (record) => void kept.push(record),
  };
  return { clock, performances, broadcasts, connections, log, frames, kept, ports };
}

const state = (state: string, performance: string | null = DAY) => ({ broadcast: ID, state, performance });

test('of an evening: the lease, its states, and how late it began; the books have it once', async () => {
  const { clock, ports, log, frames, kept } = await evening();
  let doors = 0;
  const onDoors = async () => {
    doors++;
    throw new Error('no page');
  };
  expect(await clock.runUntil(broadcast(ID, 'one', { ...ports, onDoors }))).toBe('ended');
  expect(log).toEqual([
    [-300_000, 'broadcast.leased', { broadcast: ID, epoch: 1 }],
    [-300_000, 'broadcast.state', state('doors')],
    [-300_000, 'doors.failed', { reason: 'no page' }],
    [0, 'broadcast.starts', { broadcast: ID, startLatenessMs: 0 }],
    [0, 'broadcast.state', state('live')],
    [39_750, 'broadcast.state', state('ended')],
  ]);
  expect(doors).toBe(1);
  expect(frames).toEqual([
    ...['-300000 hello doors', '-120000 chunk', '-105000 chunk', '-90000 chunk'],
    ...['0 hello live', '39750 end', '39750 hello ended'],
  ]);
  expect(kept).toEqual([
    {
      ...{ schema: 1, id: ID, startsAt: T0, state: 'ended', performance: DAY, encore: false },
      ...{ durationMs: 39_750, epoch: 1, startLatenessMs: 0, heard: 1, endedAt: T0 + 39_750 },
      ...{ chunkSha256: [expect.any(String), expect.any(String), expect.any(String)] },
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
    },
  ]);
});

test('of one that begins late: by how much', async () => {
  const { clock, ports, log } = await evening([DAY], T0 + 2_500);
  await clock.runUntil(broadcast(ID, 'one', ports));
  expect(log).toContainEqual([2_500, 'broadcast.starts', { broadcast: ID, startLatenessMs: 2_500 }]);
});

test('of a silent day: doors, and that it is over ten seconds before its hour; nothing is posted but that', async () => {
  const { clock, ports, log, frames, kept } = await evening([]);
  expect(await clock.runUntil(broadcast(ID, 'one', ports))).toBe('silent');
  expect(log).toEqual([
    [-300_000, 'broadcast.leased', { broadcast: ID, epoch: 1 }],
    [-300_000, 'broadcast.state', state('doors', null)],
    [-10_000, 'broadcast.state', state('ended', null)],
  ]);
  expect(frames).toEqual(['-300000 hello doors', '-10000 hello ended']);
  expect(kept).toMatchObject([{ state: 'ended', performance: null, heard: null, chunkSha256: [] }]);
});

test('of an encore: which, and why not the one that was wanted; what is of a later day is none', async () => {
  const { clock, ports, log, performances, frames } = await evening(['2026-11-20', '2026-11-22']);
  await performances
    .create({ ...stored(DAY, scale(40_000)), midi: new Uint8Array([1, 2, 3]) })
    .catch(() => {});
  const broken: typeof ports.timelines = async (id) => {
    if (id === DAY) throw new Error('not MIDI');
    return timelines(performances)(id);
  };
  await clock.runUntil(broadcast(ID, 'one', { ...ports, timelines: broken }));
  const [, unusable] = log as [number, string, unknown][];
  expect(unusable).toEqual([-300_000, 'performance.unusable', { performance: DAY, reason: 'not MIDI' }]);
  expect(log).toContainEqual([-10_000, 'broadcast.encore', { broadcast: ID, performance: '2026-11-20' }]);
  expect(frames).toEqual([
    ...['-300000 hello doors', '-10000 hello doors', '-10000 chunk', '0 hello live'],
    ...['39750 end', '39750 hello ended'],
  ]);
});

test('of a stop: it is posted, and booked as that, with what was sent till then', async () => {
  const { clock, ports, broadcasts, frames, kept } = await evening();
  const playing = broadcast(ID, 'one', ports);
  await clock.runTo(T0 + 5_000);
  await broadcasts.stop(ID);
  expect(await clock.runUntil(playing)).toBe('stopped');
  expect(frames.slice(-2)).toEqual(['6000 stop', '6000 hello stopped']);
  expect(kept).toMatchObject([{ state: 'stopped', epoch: 1, startLatenessMs: 0, endedAt: T0 + 6_000 }]);
  expect(kept[0]?.chunkSha256).toHaveLength(3);
  expect(await broadcasts.leaseUntil(ID)).toBe(0);
});

test('of books that cannot be written: three tries, half a second apart; it was heard all the same', async () => {
  for (const [failures, booked, endsAt] of [
    [2, 1, 40_750],
    [3, 0, 40_750],
  ] as const) {
    const { clock, ports, log, kept } = await evening();
    let tries = 0;
    const keepRecord: typeof ports.keepRecord = async (record) => {
      if (tries++ < failures) throw new Error('throttled');
      kept.push(record);
    };
    expect(await clock.runUntil(broadcast(ID, 'one', { ...ports, keepRecord }))).toBe('ended');
    const failed = (log as [number, string, unknown][]).filter(([, event]) => event === 'record.failed');
    expect(failed).toEqual(
      [39_750, 40_250, 40_750]
        .slice(0, failures)
        .map((at) => [at, 'record.failed', { broadcast: ID, reason: 'throttled' }]),
    );
    expect([kept.length, clock.now() - T0]).toEqual([booked, endsAt]);
  }
});

test('of a successor that cannot be started, and of the one that can', async () => {
  const { clock, ports, log, broadcasts } = await evening([DAY], T0 - 30_000);
  let tries = 0;
  const limit = {
    at: T0 + 80_000,
    async handOver() {
      if (tries++ < 2) throw new Error('no concurrency');
    },
  };
  expect(await clock.runUntil(broadcast(ID, 'one', { ...ports, limit }))).toBe('handed over');
  expect((log as [number, string, unknown][]).filter(([, event]) => event.includes('hand'))).toEqual([
    [20_000, 'hand_over.failed', { broadcast: ID, reason: 'no concurrency' }],
    [21_000, 'hand_over.failed', { broadcast: ID, reason: 'no concurrency' }],
    [22_000, 'broadcast.handed_over', { broadcast: ID, epoch: 1 }],
  ]);
  expect(await broadcasts.leaseUntil(ID)).toBe(0);
});

test('of one that has been superseded', async () => {
  const { clock, ports, log, broadcasts } = await evening();
  const playing = broadcast(ID, 'one', ports);
  await clock.runTo(T0 - 200_000);
  await broadcasts.acquire(ID, 'thief', Number.POSITIVE_INFINITY, T0);
  expect(await clock.runUntil(playing)).toBe('superseded');
  expect(log.at(-1)).toEqual([expect.any(Number), 'broadcast.superseded', { broadcast: ID }]);
});

test('of a crowd: into how many parts it was divided, and what each helper did', async () => {
  const { clock, told, ports, settle } = await crowdStation();
  await clock.runUntil(broadcast(CROWD, 'one', ports));
  await settle();
  const helped = (part: number) => ({ broadcast: CROWD, epoch: 1, part });
  expect(told.filter(([event]) => !event.startsWith('broadcast'))).toEqual([
    ['crowd.divided', { broadcast: CROWD, parts: 4, listeners: 7 }],
    ...[1, 2, 3].map((part) => ['help.begins', helped(part)]),
    ...[1, 2, 3].map((part) => ['help.over', { ...helped(part), outcome: 'ended' }]),
  ]);
});

test('of helpers that cannot be started: which part, and that the broadcaster took it on', async () => {
  const { clock, told, ports } = await crowdStation({ fate: () => 'refused' });
  await clock.runUntil(broadcast(CROWD, 'one', ports));
  const failed = told.filter(([event]) => event === 'crowd.wake_failed');
  expect(failed.slice(0, 3)).toEqual(
    [1, 2, 3].map((part) => [
      'crowd.wake_failed',
      { broadcast: CROWD, part, reason: expect.stringMatching(/./) },
    ]),
  );
  expect(told.filter(([event]) => event === 'crowd.taken_on')).toEqual(
    [1, 2, 3].map((part) => ['crowd.taken_on', { broadcast: CROWD, part }]),
  );
});

test('of one that takes over in mid-performance: no doors, and nothing that was told already', async () => {
  const { clock, ports, log, broadcasts } = await evening();
  const killed = new AbortController();
  const died = broadcast(ID, 'one', ports, killed.signal).catch(() => 'died');
  await clock.runTo(T0 + 5_000);
  killed.abort(new Error('killed'));
  await clock.runUntil(died);
  const before = log.length;
  expect(await clock.runUntil(broadcast(ID, 'two', ports))).toBe('ended');
  expect(log.slice(before).map((line) => (line as [number, string])[1])).toEqual([
    'broadcast.leased',
    'broadcast.state',
  ]);
  expect((await broadcasts.get(ID))?.epoch).toBe(2);
});

test('of an evening the lease is renewed each five seconds, and the row changed where there is something new', async () => {
  const { clock, ports, broadcasts } = await evening();
  const renewed: number[] = [];
  let changes = 0;
  const counted: typeof broadcasts = {
    ...broadcasts,
    renew: (lease, now, until) => {
      renewed.push(now - T0);
      return broadcasts.renew(lease, now, until);
    },
    change: (lease, change) => {
      changes++;
      return broadcasts.change(lease, change);
    },
  };
  await clock.runUntil(broadcast(ID, 'one', { ...ports, broadcasts: counted }));
  expect(renewed).toEqual(Array.from({ length: renewed.length }, (_, i) => -295_000 + i * 5_000));
  expect(renewed.at(-1)).toBe(35_000);
  // Doors, live, one listener, the end.
  expect(changes).toBe(4);
  const silent = await evening([]);
  changes = 0;
  const quiet: typeof broadcasts = {
    ...silent.broadcasts,
    change: (lease, change) => {
      changes++;
      return silent.broadcasts.change(lease, change);
    },
  };
  await silent.clock.runUntil(broadcast(ID, 'one', { ...silent.ports, broadcasts: quiet }));
  expect(changes).toBe(2);
});

test('of a row that is gone, or over, in mid-performance: nothing is posted any more', async () => {
  for (const [over, outcome] of [
    ['gone', 'unknown'],
    ['ended', 'ended'],
    ['cancelled', 'cancelled'],
  ] as const) {
    const { clock, ports, broadcasts, frames } = await evening();
    const get: typeof broadcasts.get = async (id) => {
      const row = await broadcasts.get(id);
      if (clock.now() < T0 + 5_000 || !row) return row;
      return over === 'gone' ? null : { ...row, state: over };
    };
    expect(await clock.runUntil(broadcast(ID, 'one', { ...ports, broadcasts: { ...broadcasts, get } }))).toBe(
      outcome,
    );
    expect(clock.now()).toBe(T0 + 5_000);
    expect(frames.slice(5)).toEqual(over === 'cancelled' ? ['5000 stop', '5000 hello cancelled'] : []);
  }
});
