import { expect, test } from '@jest/globals';
import { memoryBroadcasts, memoryConnections, memoryPerformances } from '../../src/adapters/memory/memory.ts';
import { type BroadcastPorts, broadcast } from '../../src/broadcast/broadcast.ts';
import { timelines } from '../../src/broadcast/timelines.ts';
import type { BroadcastRecord } from '../../src/ports.ts';
import { playingOf } from '../../src/publish/publish.ts';
import { fakeClock } from '../support/fake-clock.ts';
import { scale, stored } from '../support/music.ts';

const T0 = 1_000_000_000;
const DAY = '2026-11-21';

/** A broadcast of five minutes, and who joins or leaves when (milliseconds from T0). */
async function evening(
  movements: readonly (readonly [atMs: number, join: number, leave?: number])[],
  owners = ['one'],
) {
  const clock = fakeClock(T0 - 300_000);
  const performances = memoryPerformances();
  await performances.create(stored(DAY, scale(300_000)));
  const broadcasts = memoryBroadcasts();
  await broadcasts.schedule({ id: 'b', startsAt: T0, wanted: DAY, next: null });
  const connections = memoryConnections();
  const kept: BroadcastRecord[] = [];
  const ports: BroadcastPorts = {
    ...{ broadcasts, performances, connections, clock, log: () => {}, post: async () => 'sent' as const },
    timelines: timelines(performances),
    keepRecord: async (record) => void kept.push(record),
  };
  for (const [atMs, join, leave = 0] of movements) {
    void clock.sleepUntil(T0 + atMs).then(async () => {
      for (let i = 0; i < join; i++) await connections.add(`${atMs} ${i}`);
      const ids = await connections.list();
      for (const id of ids.slice(0, leave)) await connections.remove(id);
    });
  }
  let last: Promise<unknown> = Promise.resolve();
  for (const [i, owner] of owners.entries()) {
    const gone = new AbortController();
    last = broadcast('b', owner, ports, gone.signal).catch(() => {});
    if (i < owners.length - 1) {
      await clock.runTo(T0 + 100_000 * (i + 1));
      gone.abort(new Error('killed'));
    }
  }
  await clock.runUntil(last);
  return { row: (await broadcasts.get('b'))!, kept };
}

test('a day is heard by the most who were there at once, from T0 to the end', async () => {
  const { row, kept } = await evening([
    [-200_000, 3],
    [60_001, 4, 1],
    [200_000, 0, 4],
    [250_000, 1],
  ]);
  expect(row).toMatchObject({ state: 'ended', heard: 6 });
  expect(kept).toMatchObject([{ state: 'ended', heard: 6 }]);
});

test('who left before T0 has not heard it, and who came in the last minute has', async () => {
  const before = await evening([
    [-250_000, 5],
    [-1_000, 0, 5],
  ]);
  expect(before.row.heard).toBe(0);
  const late = await evening([[290_000, 2]]);
  expect(late.row.heard).toBe(2);
  expect(late.kept[0]!.heard).toBe(2);
});

test('a broadcaster that takes over goes on from the count of the one that died', async () => {
  const { row } = await evening(
    [
      [-100_000, 9],
      [50_000, 0, 8],
    ],
    ['one', 'two'],
  );
  expect(row).toMatchObject({ state: 'ended', epoch: 2, heard: 9 });
});

test('a silent day has no count, and an encore none for the day that it is from', async () => {
  const clock = fakeClock(T0 - 300_000);
  const performances = memoryPerformances();
  const broadcasts = memoryBroadcasts();
  await broadcasts.schedule({ id: 'b', startsAt: T0, wanted: DAY, next: null });
  const connections = memoryConnections();
  await connections.add('a');
  const ports = {
    broadcasts,
    performances,
    connections,
    clock,
    log: () => {},
    post: async () => 'sent' as const,
  };
  const outcome = await clock.runUntil(
    broadcast('b', 'one', { ...ports, timelines: timelines(performances) }),
  );
  expect(outcome).toBe('silent');
  expect((await broadcasts.get('b'))!.heard).toBeNull();
  expect(playingOf({ encore: true, heard: 7, startsAt: T0 })).toEqual({ heard: null, playedAt: null });
  expect(playingOf({ encore: false, heard: 7, startsAt: T0 })).toEqual({ heard: 7, playedAt: T0 });
});
