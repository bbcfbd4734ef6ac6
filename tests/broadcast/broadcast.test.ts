import { expect, test } from '@jest/globals';
import { memoryManners } from '../../src/adapters/memory/manners.ts';
import { memoryBroadcasts, memoryConnections, memoryPerformances } from '../../src/adapters/memory/memory.ts';
import { memoryPunches } from '../../src/adapters/memory/punches.ts';
import { type BroadcastPorts, broadcast } from '../../src/broadcast/broadcast.ts';
import { MANY_LISTENERS } from '../../src/broadcast/due.ts';
import { fanOut } from '../../src/broadcast/fan-out.ts';
import { LEASE_MS } from '../../src/broadcast/lease.ts';
import { listen } from '../../src/broadcast/listen.ts';
import { timelines } from '../../src/broadcast/timelines.ts';
import type { Music } from '../../src/music/note.ts';
import type { Attempt, Post } from '../../src/ports.ts';
import { type Chunk, type Frame, noteOf, parseFrame } from '../../src/wire.ts';
import { type FakeClock, fakeClock } from '../support/fake-clock.ts';
import { scale, stored } from '../support/music.ts';

const T0 = 1_000_000_000;
const DAY = '2026-11-21';
const ID = `daily@${T0}`;

type Received = { readonly at: number; readonly frame: Frame };

async function setUp(options: { music?: Music | null; now?: number; listeners?: string[] } = {}) {
  const { music = scale(300_000), now = T0 - 300_000, listeners = ['a'] } = options;
  const clock = fakeClock(now);
  const performances = memoryPerformances();
  if (music) await performances.create(stored(DAY, music));
  const broadcasts = memoryBroadcasts();
  await broadcasts.schedule({ id: ID, startsAt: T0, wanted: DAY, next: T0 + 86_400_000 });
  const connections = memoryConnections();
  for (const id of listeners) await connections.add(id);
  const received = new Map<string, Received[]>(listeners.map((id) => [id, []]));
  const post: Post = async (id, text) => {
    received.get(id)?.push({ at: clock.now() - T0, frame: parseFrame(text)! });
    return 'sent' as const;
  };
  const log: string[] = [];
  const ports: BroadcastPorts = {
    broadcasts,
    performances,
    connections,
    clock,
    post,
    timelines: timelines(performances),
    log: (event) => log.push(event),
  };
  return { clock, ports, performances, broadcasts, connections, received, log, music };
}

/** The broadcaster "one", until it is killed at an instant. */
async function killedAt(ms: number, clock: FakeClock, ports: BroadcastPorts): Promise<void> {
  const killed = new AbortController();
  const first = broadcast(ID, 'one', ports, killed.signal).catch(() => 'killed');
  await clock.runTo(ms);
  killed.abort(new Error('kill -9'));
  expect(await first).toBe('killed');
}

const chunks = (received: readonly Received[] = []): (Received & { frame: Chunk })[] =>
  received.filter((item): item is Received & { frame: Chunk } => item.frame.type === 'chunk');
const notesOf = (received: readonly Received[] = []) =>
  chunks(received).flatMap(({ frame }) => frame.notes.map(noteOf));

test('a listener from the start receives every note once, in order', async () => {
  const { clock, ports, received, music } = await setUp();
  expect(await clock.runUntil(broadcast(ID, 'one', ports))).toBe('ended');
  expect(notesOf(received.get('a'))).toEqual(music!.notes);
});

test('chunk k is posted 120 s ahead of its time, to the millisecond', async () => {
  const { clock, ports, received } = await setUp();
  await clock.runUntil(broadcast(ID, 'one', ports));
  for (const { at, frame } of chunks(received.get('a'))) expect(at).toBe(frame.fromMs - 120_000);
  expect(chunks(received.get('a'))).toHaveLength(20);
});

test('with many listeners two chunks go in one frame, and none comes later than 105 s ahead', async () => {
  const listeners = Array.from({ length: MANY_LISTENERS + 1 }, (_, i) => `listener ${i}`);
  const { clock, ports, received, music } = await setUp({
    listeners,
    music: scale(100_000),
    now: T0 - 121_000,
  });
  await clock.runUntil(broadcast(ID, 'one', ports));
  expect(notesOf(received.get('listener 7'))).toEqual(music!.notes);
  const frames = chunks(received.get('listener 7'));
  expect(frames.map(({ frame }) => frame.count)).toEqual([2, 2, 2, 1]);
  for (const { at, frame } of frames) expect(frame.fromMs - at).toBeGreaterThanOrEqual(105_000);
});

test('where T0 is nearer than the lead, all that is due comes at once, in few frames', async () => {
  const { clock, ports, received } = await setUp({ now: T0 - 15_000 });
  await clock.runUntil(broadcast(ID, 'one', ports));
  const [first, second] = chunks(received.get('a'));
  expect(first).toMatchObject({ at: -15_000, frame: { seq: 0, count: 8, fromMs: 0, toMs: 120_000 } });
  expect(second).toMatchObject({ at: 0, frame: { seq: 8, count: 1 } });
});

test('the states go doors, live at T0, ended with the music; each is told', async () => {
  const { clock, ports, received, music } = await setUp();
  await clock.runUntil(broadcast(ID, 'one', ports));
  const told = received
    .get('a')!
    .flatMap(({ at, frame }) => (frame.type === 'hello' ? [[at, frame.state, frame.next]] : []));
  const next = T0 + 86_400_000;
  expect(told).toEqual([
    [-300_000, 'doors', next],
    [0, 'live', next],
    [music!.durationMs, 'ended', next],
  ]);
});

test('after the last note comes end, with the number of the last chunk', async () => {
  const { clock, ports, received, music } = await setUp();
  await clock.runUntil(broadcast(ID, 'one', ports));
  const end = received.get('a')!.find(({ frame }) => frame.type === 'end');
  expect(end).toEqual({
    at: music!.durationMs,
    frame: { type: 'end', broadcast: ID, epoch: 1, lastSeq: 19 },
  });
});

test('a broadcaster that starts in mid-performance goes on where the clock says', async () => {
  const { clock, ports, received } = await setUp({ now: T0 + 100_000 });
  await clock.runUntil(broadcast(ID, 'one', ports));
  const [first] = chunks(received.get('a'));
  // 100 s is in chunk 6; 100 + 120 s in chunk 14.
  expect(first).toMatchObject({ at: 100_000, frame: { seq: 6, count: 9 } });
});

test('a killed broadcaster is replaced after its lease, with the next epoch, and no note is missing', async () => {
  const { clock, ports, received, music } = await setUp();
  await killedAt(T0 + 42_000, clock, ports);
  await clock.runTo(T0 + 50_000);
  expect(await clock.runUntil(broadcast(ID, 'two', ports))).toBe('ended');

  const bySeq = new Map<number, Chunk>();
  for (const { frame } of chunks(received.get('a'))) {
    for (let i = 0; i < frame.count; i++) bySeq.set(frame.seq + i, frame);
  }
  expect([...bySeq.keys()].sort((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, i) => i));
  const heard = new Set(notesOf(received.get('a')).map((note) => JSON.stringify(note)));
  expect(heard.size).toBe(music!.notes.length);
  expect(new Set(chunks(received.get('a')).map(({ frame }) => frame.epoch))).toEqual(new Set([1, 2]));
  // Renewed at 40 s at the latest, the lease ran out well within the two minutes that listeners hold.
  const takeover = chunks(received.get('a')).find(({ frame }) => frame.epoch === 2)!;
  expect(takeover.at).toBeLessThanOrEqual(42_000 + LEASE_MS + 1);
});

test('of two broadcasters one plays; the other waits out the lease once and leaves', async () => {
  const { clock, ports, received, music } = await setUp();
  const both = Promise.all([broadcast(ID, 'one', ports), broadcast(ID, 'two', ports)]);
  expect(await clock.runUntil(both)).toEqual(['ended', 'elsewhere']);
  expect(notesOf(received.get('a'))).toEqual(music!.notes);
});

test('a broadcaster that slept through its lease posts nothing more', async () => {
  const { clock, ports, received, broadcasts } = await setUp();
  const playing = broadcast(ID, 'one', ports);
  await clock.runTo(T0 + 5_500);
  await broadcasts.acquire(ID, 'two', T0 + 100_000, T0 + 200_000);
  expect(await clock.runUntil(playing)).toBe('superseded');
  expect(clock.now() - T0).toBeLessThanOrEqual(7_000);
  expect(chunks(received.get('a')).every(({ at }) => at <= 5_500)).toBe(true);
});

test('a late firing finds a broadcast that is over, and leaves', async () => {
  const { clock, ports } = await setUp();
  await clock.runUntil(broadcast(ID, 'one', ports));
  expect(await broadcast(ID, 'two', ports)).toBe('ended');
  expect(await broadcast('daily@0', 'two', ports)).toBe('unknown');
});

test('stop is posted within a second, and nothing after it', async () => {
  const { clock, ports, received, broadcasts } = await setUp();
  const playing = broadcast(ID, 'one', ports);
  await clock.runTo(T0 + 30_300);
  expect(await broadcasts.stop(ID)).toBe('stopped');
  expect(await clock.runUntil(playing)).toBe('stopped');
  const [stop, hello] = received.get('a')!.slice(-2);
  expect(stop!.frame).toEqual({ type: 'stop', broadcast: ID, epoch: 1 });
  expect(stop!.at - 30_300).toBeLessThanOrEqual(1_000);
  expect(hello!.frame).toMatchObject({ type: 'hello', state: 'stopped' });
});

test('without a performance by T0 − 10 s the newest other one is played, announced as an encore', async () => {
  const { clock, ports, received, performances } = await setUp({ music: null });
  await performances.create(stored('2026-11-18', scale(60_000)));
  await performances.create(stored('2026-11-19', scale(45_000)));
  expect(await clock.runUntil(broadcast(ID, 'one', ports))).toBe('ended');
  const hello = received.get('a')!.find(({ frame }) => frame.type === 'hello' && frame.performance !== null);
  expect(hello).toMatchObject({
    at: -10_000,
    frame: { performance: '2026-11-19', encore: true, durationMs: 44_750 },
  });
});

test.each([
  ['the day’s own piece', DAY],
  ['an encore', '2026-11-19'],
])('%s that would be over by now is not begun: silent; one that has a moment left is', async (_, day) => {
  for (const [lateMs, outcome] of [
    [44_750, 'silent'],
    [44_749, 'ended'],
  ] as const) {
    const { clock, ports, received, performances, broadcasts, log } = await setUp({
      ...{ music: null, now: T0 + lateMs },
    });
    await performances.create(stored('2026-11-18', scale(300_000)));
    await performances.create(stored(day, scale(45_000)));
    expect(await clock.runUntil(broadcast(ID, 'one', ports))).toBe(outcome);
    const silent = outcome === 'silent';
    expect(chunks(received.get('a')).length).toBe(silent ? 0 : 1);
    expect((await broadcasts.get(ID))?.performance).toBe(silent ? null : day);
    expect(log.includes('broadcast.missed')).toBe(silent);
    expect(log.includes('broadcast.encore')).toBe(!silent && day !== DAY);
  }
});

test('a broadcaster that takes over after the end of what was begun says that it has ended', async () => {
  const { clock, ports, broadcasts } = await setUp();
  await killedAt(T0 + 42_000, clock, ports);
  await clock.runTo(T0 + 400_000);
  expect(await clock.runUntil(broadcast(ID, 'two', ports))).toBe('ended');
  expect(await broadcasts.get(ID)).toMatchObject({ performance: DAY, startLatenessMs: 0, epoch: 2 });
});

test('the title is told from doors on, and by the row; before them there is none', async () => {
  const { clock, ports, received, performances, broadcasts } = await setUp({ music: null });
  const rain = stored(DAY, scale(45_000));
  await performances.create({ ...rain, record: { ...rain.record, title: 'Rain' } });
  expect((await broadcasts.get(ID))?.title).toBeNull();
  await clock.runUntil(broadcast(ID, 'one', ports));
  const titles = received.get('a')!.flatMap(({ frame }) => (frame.type === 'hello' ? [frame.title] : []));
  expect(new Set(titles)).toEqual(new Set(['Rain']));
  expect((await broadcasts.get(ID))?.title).toBe('Rain');
});

test('a performance that comes late, but before T0 − 10 s, is played and is no encore', async () => {
  const { clock, ports, received, performances } = await setUp({ music: null });
  const playing = broadcast(ID, 'one', ports);
  await clock.runTo(T0 - 20_400);
  await performances.create(stored(DAY, scale(45_000)));
  await clock.runUntil(playing);
  const hello = received.get('a')!.find(({ frame }) => frame.type === 'hello' && frame.performance !== null);
  expect(hello).toMatchObject({ frame: { performance: DAY, encore: false } });
});

test('a performance whose bytes do not match its record is passed over for the newest valid one', async () => {
  const { clock, ports, received, performances, log } = await setUp({ music: null });
  const broken = stored(DAY, scale(30_000));
  await performances.create({ ...broken, midi: broken.midi.map((byte, i) => (i === 40 ? byte ^ 1 : byte)) });
  await performances.create(stored('2026-11-19', scale(45_000)));
  await clock.runUntil(broadcast(ID, 'one', ports));
  expect(chunks(received.get('a'))).not.toHaveLength(0);
  expect(log).toContain('performance.unusable');
  expect(log).toContain('broadcast.encore');
});

test('with an empty archive the day is silent, and said to be over', async () => {
  const { clock, ports, received } = await setUp({ music: null });
  expect(await clock.runUntil(broadcast(ID, 'one', ports))).toBe('silent');
  expect(received.get('a')!.at(-1)!.frame).toMatchObject({
    type: 'hello',
    state: 'ended',
    performance: null,
  });
  expect(chunks(received.get('a'))).toEqual([]);
});

test('a listener that has left is forgotten, and a broken one harms nobody', async () => {
  const { clock, ports, received, connections, music } = await setUp({ listeners: ['gone', 'broken', 'a'] });
  const post: Attempt = async (id, frame, refusals) => {
    if (id === 'gone') return 'gone';
    if (id === 'broken') throw new Error('socket hang up');
    return ports.post(id, frame, refusals);
  };
  await clock.runUntil(broadcast(ID, 'one', { ...ports, post }));
  expect(notesOf(received.get('a'))).toEqual(music!.notes);
  const left = await connections.list();
  expect(left).toEqual(['broken', 'a']);
});

test('a listener that stalls for half a minute delays nobody else', async () => {
  const { clock, ports, received } = await setUp({ listeners: ['stalled', 'a'] });
  const stalled: Attempt = async (id, frame, refusals) => {
    if (id !== 'stalled') return ports.post(id, frame, refusals);
    await clock.sleepUntil(clock.now() + 30_000);
    return 'slow';
  };
  await clock.runUntil(broadcast(ID, 'one', { ...ports, post: stalled }));
  for (const { at, frame } of chunks(received.get('a')))
    expect(at - (frame.fromMs - 120_000)).toBeLessThan(1_000);
});

test('everybody is given a first frame before anybody a second, and each gets its own in order', async () => {
  const connections = memoryConnections();
  const order: string[] = [];
  const post: Post = async (id, frame) => {
    order.push(`${id}${frame}`);
    await new Promise((resolve) => setImmediate(resolve));
    return id === 'refused ' ? 'slow' : 'sent';
  };
  const out = fanOut({ connections, post, clock: fakeClock(), log: () => {} });
  const ids = ['refused ', ...Array.from({ length: 200 }, (_, i) => `${i} `)];
  out.send(ids, ['stop', 'hello']);
  await out.idle();
  expect(order.slice(0, 201)).toEqual(ids.map((id) => `${id}stop`));
  // One that a frame did not reach will ask again, and gets nothing more now.
  expect(order.slice(201)).toEqual(ids.slice(1).map((id) => `${id}hello`));
  out.send(['refused '], ['again']);
  await out.idle();
  expect(order.at(-1)).toBe('refused again');
});

/** A page's questions, against the same ports. */
function asking(clock: FakeClock, ports: BroadcastPorts, woken: string[] = []) {
  const listenPorts = {
    ...ports,
    nextStart: async () => null,
    punches: memoryPunches(),
    manners: memoryManners(clock),
    wake: (id: string) => woken.push(id),
  };
  return async (connection: string, request: object): Promise<Frame[]> => {
    const { frames } = await listen(connection, JSON.stringify(request), clock.now(), listenPorts);
    return frames.map((text) => parseFrame(text)!);
  };
}

test('who joins late is told where the music is, and gets what sounds and what is due, at once', async () => {
  const { clock, ports } = await setUp();
  const ask = asking(clock, ports);
  const playing = broadcast(ID, 'one', ports);
  await clock.runTo(T0 + 100_000);
  const [hello, first, ...rest] = await ask('late', { action: 'join' });
  expect(hello).toMatchObject({
    type: 'hello',
    state: 'live',
    t0: T0,
    performance: DAY,
    serverNow: T0 + 100_000,
  });
  expect(first).toMatchObject({ type: 'chunk', seq: 6, count: 9, here: 2 });
  expect(rest).toEqual([]);
  await clock.runUntil(playing);
});

test('resume answers with the chunks after the last one held', async () => {
  const { clock, ports } = await setUp();
  const ask = asking(clock, ports);
  const playing = broadcast(ID, 'one', ports);
  await clock.runTo(T0 + 100_000);
  const [, chunk] = await ask('a', { action: 'resume', broadcast: ID, after: 12 });
  expect(chunk).toMatchObject({ type: 'chunk', seq: 13, count: 2 });
  // What was played long ago is of no use: the frame begins where the music is.
  const [, current] = await ask('a', { action: 'resume', broadcast: ID, after: 1 });
  expect(current).toMatchObject({ type: 'chunk', seq: 6 });
  const [, other] = await ask('a', { action: 'resume', broadcast: 'yesterday', after: 50 });
  expect(other).toMatchObject({ type: 'chunk', seq: 6 });
  await clock.runUntil(playing);
});

test('before doors a listener is told when, and no more', async () => {
  const { clock, ports } = await setUp({ now: T0 - 3_600_000 });
  const frames = await asking(clock, ports)('early', { action: 'join' });
  expect(frames).toEqual([
    expect.objectContaining({ type: 'hello', state: 'scheduled', t0: null, performance: null, next: T0 }),
  ]);
});

test('a ping is answered with the instants of its arrival and of its answer', async () => {
  const { clock, ports } = await setUp();
  const frames = await asking(clock, ports)('a', { action: 'ping', id: 7 });
  expect(frames).toEqual([{ type: 'pong', id: 7, receivedAt: clock.now(), sentAt: clock.now() }]);
});

test('a join or a ping that meets a live broadcast without a broadcaster wakes one', async () => {
  const { clock, ports } = await setUp();
  const woken: string[] = [];
  const ask = asking(clock, ports, woken);
  const killed = new AbortController();
  const playing = broadcast(ID, 'one', ports, killed.signal).catch(() => 'killed');
  await clock.runTo(T0 + 30_000);
  await ask('a', { action: 'ping', id: 1 });
  expect(woken).toEqual([]);
  killed.abort(new Error('kill'));
  await playing;
  await clock.runTo(T0 + 30_000 + LEASE_MS + 1_000);
  await ask('a', { action: 'ping', id: 2 });
  await ask('b', { action: 'join' });
  expect(woken).toEqual([ID, ID]);
});

const badRequests = [
  '',
  '{',
  'null',
  '[]',
  '{"action":"play"}',
  '{"action":"ping"}',
  '{"action":"ping","id":-1}',
  '{"action":"ping","id":1e308}',
  '{"action":"resume","broadcast":5,"after":1}',
  '{"__proto__":{"action":"join"}}',
];
test.each(badRequests)('%j is answered with an error, and nothing is lost', async (text) => {
  const { clock, ports, connections } = await setUp({ listeners: ['a'] });
  const { frames, close } = await listen('new', text, clock.now(), {
    ...ports,
    nextStart: async () => null,
    punches: memoryPunches(),
    manners: async () => 'close',
    wake: () => {},
  });
  expect(close).toBe(true);
  expect(frames.map((frame) => JSON.parse(frame))).toEqual([
    expect.objectContaining({ type: 'error', code: 'bad_request' }),
  ]);
  const ids = await connections.list();
  expect(ids).toEqual(['a']);
});
