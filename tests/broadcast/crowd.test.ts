import { expect, test } from '@jest/globals';
import { broadcast } from '../../src/broadcast/broadcast.ts';
import { partsFor } from '../../src/broadcast/crowd.ts';
import { chunksTogether } from '../../src/broadcast/due.ts';
import { type HelpPorts, help } from '../../src/broadcast/helper.ts';
import { LEASE_MS } from '../../src/broadcast/lease.ts';
import type { Attempt } from '../../src/ports.ts';
import { parseFrame } from '../../src/wire.ts';
import { expectAllHeard } from '../support/crowd-heard.ts';
import { type CrowdStation, crowdStation, EACH, ID, NAMES, T0 } from '../support/crowd-station.ts';

test('as many parts as needed, a power of two, and no more than there can be', () => {
  const limits = { listenersEach: 2_500, partsAtMost: 16 };
  const parts = [0, 1, 2_500, 2_501, 5_000, 5_001, 20_001, 100_000].map((n) => partsFor(n, limits));
  expect(parts).toEqual([1, 1, 1, 2, 2, 4, 16, 16]);
});

test('frames get longer with the listeners, where the rate asks for it', () => {
  expect([1, 500, 501, 36_000, 36_001, 100_000].map((n) => chunksTogether(n, 2_000))).toEqual([
    ...[1, 1, 2, 2, 4, 4],
  ]);
  expect(chunksTogether(100_000, 8_000)).toBe(2);
});

test('a frame of two chunks leaves at the instant at which the second is due', async () => {
  const left: [seq: number, count: number, at: number][] = [];
  const world = await crowdStation({
    // The seconds at which the broadcaster looks around are none at which something is due.
    now: T0 - 130_300,
    names: Array.from({ length: 501 }, (_, i) => `listener ${i}`),
    limits: { listenersEach: 1_000, partsAtMost: 1, postsPerSecond: 1_000_000 },
    deliver: (name, text) => {
      const frame = parseFrame(text)!;
      if (frame.type === 'chunk' && name === 'listener 500')
        left.push([frame.seq, frame.count, world.clock.now() - T0]);
    },
  });
  await world.clock.runUntil(broadcast(ID, 'one', world.ports));
  await world.settle();
  expect(left).toEqual([
    [0, 2, -105_000],
    [2, 2, -75_000],
  ]);
});

test('helpers post to their parts, and everybody hears everything as from one broadcaster', async () => {
  const world = await crowdStation();
  expect(await world.clock.runUntil(broadcast(ID, 'one', world.ports))).toBe('ended');
  await world.settle();
  expectAllHeard(world);
  expect(world.helpers.map(({ helper, outcome }) => [helper.part, outcome])).toEqual([
    [1, 'ended'],
    [2, 'ended'],
    [3, 'ended'],
  ]);
  // Once they are at work, nobody posts a chunk that another posts as well: four chunks, a hello each of the three
  // states that helpers meet, and the end, to each of those in their parts.
  const posts = world.helpers.reduce((sum, helper) => sum + helper.posts, 0);
  const theirs = world.helpers.length > 0 ? await inParts(world, [1, 2, 3]) : 0;
  expect(posts).toBe(theirs * (4 + 3 + 1));
  // Each has its part of the rate; together they never have more than all of it.
  expect(world.helpers.flatMap(({ shares }) => [...new Set(shares)])).toEqual([1 / 4, 1 / 4, 1 / 4]);
  expect(world.shares.at(-1)).toBe(1 / 4);
  expect((await world.records.list())[0]?.chunkSha256).toHaveLength(4);
});

test('a broadcaster who finds a crowd leaves the parts of its helpers to them from the beginning', async () => {
  const world = await crowdStation({ now: T0 - 100_000 });
  const posts = new Map<string, number>();
  const post: Attempt = (name, frame, refusals) => {
    if (frame.startsWith('{"type":"chunk"')) posts.set(name, (posts.get(name) ?? 0) + 1);
    return world.ports.post(name, frame, refusals);
  };
  await world.clock.runUntil(broadcast(ID, 'one', { ...world.ports, post }));
  await world.settle();
  expectAllHeard(world);
  expect(posts.size).toBe(await inParts(world, [0]));
});

async function inParts({ ports }: CrowdStation, parts: readonly number[]): Promise<number> {
  let count = 0;
  for (const index of parts) count += (await ports.connections.list({ index, of: 4 })).length;
  return count;
}

test('few listeners are not divided, and nothing is asked of anybody', async () => {
  const world = await crowdStation({ names: NAMES.slice(0, EACH) });
  await world.clock.runUntil(broadcast(ID, 'one', world.ports));
  expectAllHeard(world);
  expect(world.helpers).toEqual([]);
  expect(await world.divisions.get(ID)).toBeNull();
});

test('where no helper can be had, the broadcaster posts to everybody by itself', async () => {
  for (const fate of ['refused', 'never starts'] as const) {
    const world = await crowdStation({ fate: () => fate });
    expect(await world.clock.runUntil(broadcast(ID, 'one', world.ports))).toBe('ended');
    expectAllHeard(world, fate);
    // Offered again each 20 s, from 130 s before to 60 s after T0, to three helpers.
    expect(world.helpers.length).toBeGreaterThanOrEqual(24);
  }
});

test('a crowd that grows is divided further, and those who move to another helper miss nothing', async () => {
  const world = await crowdStation({ names: NAMES.slice(0, 3), durationMs: 200_000 });
  const playing = broadcast(ID, 'one', world.ports);
  await world.clock.runTo(T0 - 40_000);
  expect(world.helpers.map(({ helper }) => helper.part)).toEqual([1]);
  // Each is served by its own join; here it joins before anything is due, or holds what was posted until now.
  for (const name of NAMES.slice(3)) {
    await world.join(name);
    const held = world.listeners.get(NAMES[0]!)!.heard;
    for (const [seq, notes] of held) world.listeners.get(name)!.heard.set(seq, notes);
  }
  await world.clock.runUntil(playing);
  await world.settle();
  expect(world.helpers.map(({ helper }) => helper.part)).toEqual([1, 2, 3]);
  expectAllHeard(world);
  // Once that is settled, nobody is posted to by two: five chunks were due after T0.
  expect(new Set(world.doubled.values())).toEqual(new Set([1]));
  expect(world.doubled.size).toBe(5 * NAMES.length);
});

test('a doubled helper leaves; one that is still at work under an old promise does no harm', async () => {
  const world = await crowdStation();
  const playing = broadcast(ID, 'one', world.ports);
  await world.clock.runTo(T0 - 100_000);
  const double: HelpPorts = { ...world.ports, ...world.ports.crowd, share: () => {} };
  const { helper } = world.helpers[0]!;
  expect(await world.clock.runUntil(help({ ...helper, name: 'double' }, double))).toBe('elsewhere');
  // Of the same name, as a retry has it, it posts as well.
  const retried = help(helper, double);
  await world.clock.runUntil(playing);
  expect(await world.clock.runUntil(retried)).toBe('ended');
  expectAllHeard(world);
});

test('a helper that arrives when its epoch is over leaves', async () => {
  const world = await crowdStation();
  const killed = new AbortController();
  void broadcast(ID, 'one', world.ports, killed.signal).catch(() => {});
  await world.clock.runTo(T0 - 100_000);
  killed.abort(new Error('kill -9'));
  const { helper } = world.helpers[0]!;
  await world.clock.runTo(T0 - 80_000);
  const playing = broadcast(ID, 'two', world.ports);
  await world.clock.runTo(T0 - 70_000);
  const ports: HelpPorts = { ...world.ports, ...world.ports.crowd, share: () => {} };
  expect(await world.clock.runUntil(help({ ...helper, name: 'late' }, ports))).toBe('elsewhere');
  await world.clock.runUntil(playing);
  await world.settle();
  expectAllHeard(world);
});

test('stop is told by every helper within a second of its look, and nothing after it', async () => {
  const world = await crowdStation();
  const playing = broadcast(ID, 'one', world.ports);
  await world.clock.runTo(T0 + 20_300);
  await world.broadcasts.stop(ID);
  await world.clock.runTo(T0 + 21_300);
  for (const { state } of world.listeners.values()) expect(state.stopped).toBe(true);
  expect(await world.clock.runUntil(playing)).toBe('stopped');
  await world.settle();
  expect(world.helpers.map(({ outcome }) => outcome)).toEqual(['stopped', 'stopped', 'stopped']);
});

test('helpers leave within a second of a takeover, and once nobody has held the lease for as long as it lasts', async () => {
  const world = await crowdStation();
  const killed = new AbortController();
  void broadcast(ID, 'one', world.ports, killed.signal).catch(() => {});
  await world.clock.runTo(T0 - 60_000);
  killed.abort(new Error('kill -9'));
  await world.broadcasts.acquire(ID, 'thief', Number.POSITIVE_INFINITY, T0);
  await world.clock.runTo(T0 - 58_900);
  expect(world.helpers.map(({ outcome }) => outcome)).toEqual([...Array(3).fill('superseded')]);

  const other = await crowdStation({ durationMs: 200_000 });
  const dead = new AbortController();
  void broadcast(ID, 'one', other.ports, dead.signal).catch(() => {});
  await other.clock.runTo(T0 - 60_000);
  dead.abort(new Error('kill -9'));
  await other.clock.runTo(T0 - 60_000 + LEASE_MS + 1_100);
  expect(other.helpers.map(({ outcome }) => outcome)).toEqual([...Array(3).fill('orphaned')]);
  // They have left their listeners all that remains.
  const whole = [...other.listeners.values()].filter(
    ({ notes }) => notes().length === other.music.notes.length,
  );
  expect(whole).toHaveLength(await inParts(other, [1, 2, 3]));
});

test('a helper that has no time left is relieved by another', async () => {
  const fate = (n: number, ports: HelpPorts): HelpPorts =>
    n <= 3 ? { ...ports, limit: { at: T0 + 20_000 } } : ports;
  const world = await crowdStation({ fate, durationMs: 120_000 });
  await world.clock.runUntil(broadcast(ID, 'one', world.ports));
  await world.settle();
  expect(world.helpers.map(({ outcome }) => outcome)).toEqual([
    ...Array(3).fill('relieved'),
    ...Array(3).fill('ended'),
  ]);
  expectAllHeard(world);
});

test('what only makes it faster may fail: the crowd is not counted, and everybody hears everything', async () => {
  const world = await crowdStation();
  let failures = 0;
  const count = async () => {
    failures++;
    throw new Error('throttled');
  };
  const connections = { ...world.ports.connections, count };
  await world.clock.runUntil(broadcast(ID, 'one', { ...world.ports, connections }));
  expect(failures).toBeGreaterThan(10);
  expect(world.log).toContain('crowd.failed');
  expectAllHeard(world);
});
