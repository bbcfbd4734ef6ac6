/** What a connection is answered. */
import { describe, expect, test } from '@jest/globals';
import { memoryBroadcasts, memoryConnections, memoryPerformances } from '../../src/adapters/memory/memory.ts';
import { memoryPunches } from '../../src/adapters/memory/punches.ts';
import { type ListenPorts, listen } from '../../src/broadcast/listen.ts';
import { timelines } from '../../src/broadcast/timelines.ts';
import type { BroadcastChange } from '../../src/ports.ts';
import { type Chunk, type Frame, type Hello, PROTOCOL, parseFrame } from '../../src/wire.ts';
import { scale, stored } from '../support/music.ts';

const T0 = 1_000_000_000;
const ID = 'daily@1';
const DAY = '2026-11-21';
const TOMORROW = T0 + 86_400_000;

async function station(
  now: number,
  change: BroadcastChange | null = { state: 'live', performance: DAY, durationMs: 299_750 },
) {
  const state = { now, leaseUntil: now + 15_000 };
  const broadcasts = memoryBroadcasts();
  const performances = memoryPerformances();
  await performances.create(stored(DAY, scale(300_000)));
  await broadcasts.schedule({ id: ID, startsAt: T0, wanted: DAY, next: null });
  const lease = await broadcasts.acquire(ID, 'one', now, state.leaseUntil);
  if (change && 'epoch' in lease) await broadcasts.change(lease, change);
  const woken: string[] = [];
  const asked: number[] = [];
  const manners: string[] = [];
  const connections = memoryConnections();
  const ports: ListenPorts = {
    ...{ broadcasts, connections, timelines: timelines(performances), punches: memoryPunches() },
    clock: { now: () => state.now, sleepUntil: async () => {} },
    nextStart: async (after) => {
      asked.push(after);
      return TOMORROW;
    },
    manners: async (id) => {
      manners.push(id);
      return manners.length > 1 ? 'close' : 'bear';
    },
    wake: (id) => void woken.push(id),
  };
  const say = async (text: string, parts: Partial<ListenPorts> = {}) => {
    const { frames, close } = await listen('me', text, state.now - 3, { ...ports, ...parts });
    return { frames: frames.map((frame) => parseFrame(frame)!), close };
  };
  const ids = () => connections.list();
  return { say, ids, woken, asked, state, connections };
}
const JOIN = '{"action":"join"}';
const resume = (broadcast: string, after: number) => JSON.stringify({ action: 'resume', broadcast, after });
const span = (frames: readonly Frame[]) =>
  frames
    .filter((frame): frame is Chunk => frame.type === 'chunk')
    .flatMap(({ seq, count }) => Array.from({ length: count }, (_, i) => seq + i));

describe('a ping', () => {
  test('is answered by when it arrived and when its answer left; it joins nobody', async () => {
    const { say, ids, state } = await station(T0);
    expect(await say('{"action":"ping","id":7}')).toEqual({
      frames: [{ type: 'pong', id: 7, receivedAt: state.now - 3, sentAt: state.now }],
      close: false,
    });
    expect(await ids()).toEqual([]);
  });

  test('wakes a broadcaster where the lease has run out behind the doors or in mid-performance, and else nobody', async () => {
    for (const [change, lease, woken] of [
      [{ state: 'live' }, -1, [ID]],
      [{ state: 'doors' }, -1, [ID]],
      [{ state: 'live' }, 0, []],
      [null, -1, []],
      [{ state: 'ended' }, -1, []],
    ] as const) {
      const one = await station(T0, change);
      one.state.now = one.state.leaseUntil - lease;
      await one.say('{"action":"ping","id":7}');
      expect([change, one.woken]).toEqual([change, woken]);
    }
  });
});

describe('a join', () => {
  test('is told of the broadcast, the one after it, and given what is due from the chunk that plays', async () => {
    const { say, ids, asked } = await station(T0 + 50_000);
    const { frames, close } = await say(JOIN);
    expect(close).toBe(false);
    expect(frames[0]).toEqual({
      ...{ type: 'hello', protocol: PROTOCOL, broadcast: ID, state: 'live', performance: DAY, title: null },
      ...{ encore: false, epoch: 1, t0: T0, durationMs: 299_750, serverNow: T0 + 50_000, next: TOMORROW },
    });
    expect(span(frames)).toEqual([3, 4, 5, 6, 7, 8, 9, 10, 11]);
    expect((frames[1] as Chunk).here).toBe(1);
    expect(asked).toEqual([T0]);
    expect(await ids()).toEqual(['me']);
  });

  test('is told how many are here by whoever counts them', async () => {
    const { say } = await station(T0);
    expect(((await say(JOIN, { here: async () => 77 })).frames[1] as Chunk).here).toBe(77);
  });

  test('before the doors is told when they will open, and given nothing', async () => {
    const { say, asked } = await station(T0 - 600_000, null);
    const { frames } = await say(JOIN);
    expect(frames).toMatchObject([{ state: 'scheduled', t0: null, performance: null, next: T0 }]);
    expect(asked).toEqual([]);
  });

  test('behind the doors is given what is due already', async () => {
    const { say } = await station(T0 - 100_000, { state: 'doors', performance: DAY, durationMs: 299_750 });
    expect(span((await say(JOIN)).frames)).toEqual([0, 1]);
  });

  test('behind the doors of what is not known yet, and after the end, is given nothing', async () => {
    const unknown = await station(T0 - 100_000, { state: 'doors' });
    expect(await unknown.say(JOIN)).toMatchObject({ frames: [{ state: 'doors', performance: null }] });
    const over = await station(T0 + 300_000, { state: 'ended', performance: DAY });
    expect(await over.say(JOIN)).toMatchObject({ frames: [{ state: 'ended', next: TOMORROW }] });
    expect(over.asked).toEqual([T0 + 300_000]);
    const lost = await station(T0, { state: 'live', performance: '2026-11-20' });
    expect((await lost.say(JOIN)).frames).toHaveLength(1);
  });

  test('wakes a broadcaster where the last one has died', async () => {
    const { say, woken, state } = await station(T0);
    state.now = state.leaseUntil + 1;
    await say(JOIN);
    expect(woken).toEqual([ID]);
  });

  test('is told of what is being composed, where something is', async () => {
    const { say } = await station(T0 - 600_000, null);
    const composing = { part: 0.5, weave: '...' };
    const [hello] = (await say(JOIN, { composing: () => composing })).frames as [Hello];
    expect(hello.composing).toEqual(composing);
    const [none] = (await say(JOIN, { composing: () => null })).frames as [Hello];
    expect('composing' in none).toBe(false);
  });
});

describe('a resume', () => {
  test('is given what comes after the last chunk in hand', async () => {
    const { say, ids } = await station(T0 + 50_000);
    expect(span((await say(resume(ID, 9))).frames)).toEqual([10, 11]);
    expect(span((await say(resume(ID, 11))).frames)).toEqual([]);
    expect(await ids()).toEqual(['me']);
  });

  test('of what has been played is given from what plays; of another broadcast it is a join', async () => {
    const { say } = await station(T0 + 50_000);
    expect(span((await say(resume(ID, 0))).frames)[0]).toBe(3);
    expect(span((await say(resume('another', 9))).frames)[0]).toBe(3);
  });
});

test('what is no request is told what would be one, and ends the connection where it is said too often', async () => {
  const { say, ids } = await station(T0);
  const first = await say('{"action":"dance"}');
  expect(first).toEqual({
    frames: [{ type: 'error', code: 'bad_request', message: expect.stringContaining('"action":"join"') }],
    close: false,
  });
  expect((await say('')).close).toBe(true);
  expect(await ids()).toEqual([]);
});

test('a punch is answered, and joins nobody', async () => {
  const { say, ids } = await station(T0 + 300_000, {
    state: 'ended',
    performance: DAY,
    durationMs: 299_750,
  });
  const punch = JSON.stringify({ action: 'punch', broadcast: ID });
  expect(await say(punch)).toEqual({
    frames: [{ type: 'margin', broadcast: ID, outcome: 'punched', holes: 1 }],
    close: false,
  });
  expect(await ids()).toEqual([]);
});
