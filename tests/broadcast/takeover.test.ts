import { describe, expect, test } from '@jest/globals';
import { broadcast } from '../../src/broadcast/broadcast.ts';
import { HAND_OVER_BEFORE_MS } from '../../src/broadcast/intervals.ts';
import { verify } from '../../src/broadcast/verify.ts';
import { timeline } from '../../src/music/timeline.ts';
import { ID, setUp, T0 } from './one-listener.ts';

describe('a broadcaster that is cut off after fifteen minutes', () => {
  const LIMIT_MS = 15 * 60_000;

  /** Runs broadcasters one after another, each for as long as Lambda lets it. */
  async function inRelay(durationMs: number) {
    const world = await setUp(durationMs, T0 - 300_000);
    const { clock, ports } = world;
    const outcomes: string[] = [];
    const run = async (owner: number): Promise<void> => {
      const next: Promise<void>[] = [];
      const at = clock.now() + LIMIT_MS;
      const limit = { at, handOver: async () => void next.push(run(owner + 1)) };
      outcomes.push(await broadcast(ID, `runner ${owner}`, { ...ports, limit }));
      expect(clock.now()).toBeLessThan(at);
      await Promise.all(next);
    };
    await clock.runUntil(run(1));
    return { ...world, outcomes };
  }

  test('hands a performance of 40 minutes over, with no event lost, late or doubled', async () => {
    const { listener, music, outcomes, records } = await inRelay(40 * 60_000);
    expect(outcomes.filter((outcome) => outcome === 'handed over')).toHaveLength(3);
    expect(outcomes).toContain('ended');
    expect(listener.notes()).toEqual(music.notes);
    expect(listener.state).toMatchObject({ ended: true, late: 0, contradictions: 0 });
    const [record] = await records.list();
    expect(record?.epoch).toBe(4);
    expect(record?.chunkSha256).toHaveLength(160);
  });

  test('posts all that remains before it hands over, where that is under five minutes', async () => {
    const { clock, ports, listener, music, log } = await setUp(13 * 60_000, T0 - 300_000);
    const limit = { at: T0 - 300_000 + LIMIT_MS, handOver: async () => {} };
    expect(await clock.runUntil(broadcast(ID, 'one', { ...ports, limit }))).toBe('handed over');
    expect(clock.now()).toBeLessThanOrEqual(limit.at - HAND_OVER_BEFORE_MS);
    expect(listener.notes()).toEqual(music.notes);
    expect(listener.state).toMatchObject({ ended: true, late: 0 });
    expect(log).toContain('broadcast.handed_over');
  });

  test('goes on, and asks again, where no successor can be started', async () => {
    const { clock, ports, listener, log } = await setUp(20 * 60_000, T0 - 300_000);
    let refusals = 3;
    const handOver = async () => {
      if (refusals-- > 0) throw new Error('throttled');
    };
    const limit = { at: T0 - 300_000 + LIMIT_MS, handOver };
    expect(await clock.runUntil(broadcast(ID, 'one', { ...ports, limit }))).toBe('handed over');
    expect(log.filter((event) => event === 'hand_over.failed')).toHaveLength(3);
    expect(clock.now()).toBeLessThan(limit.at);
    expect(listener.state.late).toBe(0);
  });
});

describe('stop', () => {
  test('is said even where the broadcaster died before he saw it', async () => {
    const { clock, ports, broadcasts, listener } = await setUp(120_000, T0 - 80_000);
    const killed = new AbortController();
    void broadcast(ID, 'one', ports, killed.signal).catch(() => {});
    await clock.runTo(T0 + 20_500);
    killed.abort(new Error('kill -9'));
    await broadcasts.stop(ID);
    expect(await clock.runUntil(broadcast(ID, 'two', ports))).toBe('stopped');
    expect(listener.state.stopped).toBe(true);
  });

  test('is booked once, by whoever finds that the broadcaster died before he had booked it', async () => {
    const { clock, ports, broadcasts, records } = await setUp(120_000, T0 - 80_000);
    const killed = new AbortController();
    void broadcast(ID, 'one', ports, killed.signal).catch(() => {});
    await clock.runTo(T0 + 20_500);
    killed.abort(new Error('kill -9'));
    await broadcasts.stop(ID);
    // His lease runs: he may be at work.
    await clock.runUntil(broadcast(ID, 'two', ports));
    expect(await records.list()).toEqual([]);
    await clock.runTo(T0 + 40_000);
    await clock.runUntil(broadcast(ID, 'three', ports));
    const booked = { id: ID, state: 'stopped', epoch: 1, chunkSha256: [], endedAt: clock.now() };
    expect(await records.list()).toEqual([expect.objectContaining(booked)]);
    const before = await records.list();
    await clock.runTo(T0 + 60_000);
    await clock.runUntil(broadcast(ID, 'four', ports));
    expect(await records.list()).toEqual(before);
  });

  test('between a look and a change is not taken for a lost lease', async () => {
    const { clock, ports, broadcasts, listener } = await setUp(120_000, T0 - 80_000);
    const change: typeof broadcasts.change = async (lease, change) => {
      if (change.state === 'live') await broadcasts.stop(ID);
      return broadcasts.change(lease, change);
    };
    const outcome = broadcast(ID, 'one', { ...ports, broadcasts: { ...broadcasts, change } });
    expect(await clock.runUntil(outcome)).toBe('stopped');
    expect(listener.state.stopped).toBe(true);
  });
});

test('who was woken by a listener does not wait for a broadcaster that is at work', async () => {
  const { clock, ports } = await setUp(120_000, T0 - 80_000);
  const playing = broadcast(ID, 'one', ports);
  await clock.runTo(T0);
  expect(await broadcast(ID, 'two', { ...ports, patient: false })).toBe('elsewhere');
  await clock.runUntil(playing);
});

test('two of one name, should Lambda ever run them side by side, end together', async () => {
  const { clock, ports, listener, music } = await setUp(40_000, T0 - 30_000);
  const both = Promise.all([broadcast(ID, 'one', ports), broadcast(ID, 'one', ports)]);
  expect(await clock.runUntil(both)).toEqual(['ended', 'ended']);
  expect(listener.notes()).toEqual(music.notes);
});

test('doors open once, whoever opens them', async () => {
  const { clock, ports } = await setUp(30_000, T0 - 80_000);
  let opened = 0;
  const onDoors = async () => {
    opened++;
    throw new Error('nothing to warm');
  };
  const killed = new AbortController();
  const first = broadcast(ID, 'one', { ...ports, onDoors }, killed.signal).catch(() => 'killed');
  await clock.runTo(T0 - 50_000);
  killed.abort(new Error('kill -9'));
  await first;
  expect(await clock.runUntil(broadcast(ID, 'two', { ...ports, onDoors }))).toBe('ended');
  expect(opened).toBe(1);
});

test('the books are tried three times, and a broadcast that cannot be booked ends all the same', async () => {
  for (const failures of [2, 3]) {
    const { clock, ports, records, log } = await setUp(20_000, T0 - 30_000);
    let left = failures;
    const keepRecord: typeof records.put = async (record) => {
      if (left-- > 0) throw new Error('the bucket is out of reach');
      await records.put(record);
    };
    expect(await clock.runUntil(broadcast(ID, 'one', { ...ports, keepRecord }))).toBe('ended');
    expect(await records.list()).toHaveLength(failures === 2 ? 1 : 0);
    expect(log.filter((event) => event === 'record.failed')).toHaveLength(failures);
  }
});

test('who takes over when the music is over books the chunks that there are, and no more', async () => {
  const { clock, ports, music, records } = await setUp(40_000, T0 - 30_000);
  const killed = new AbortController();
  void broadcast(ID, 'one', ports, killed.signal).catch(() => {});
  await clock.runTo(T0 + 30_000);
  killed.abort(new Error('kill -9'));
  await clock.runTo(T0 + 70_000);
  expect(await clock.runUntil(broadcast(ID, 'two', ports))).toBe('ended');
  const [record] = await records.list();
  expect(record?.chunkSha256).toHaveLength(3);
  expect(verify(record!, timeline(music))).toMatchObject({ equal: true });
});
