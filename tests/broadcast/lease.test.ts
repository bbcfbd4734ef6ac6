/** Who may post, who finds that another may, and what is said again of what was stopped. */
import { describe, expect, test } from '@jest/globals';
import type { BroadcastPorts } from '../../src/broadcast/broadcast.ts';
import { LEASE_MS, takeLease } from '../../src/broadcast/lease.ts';
import type { BroadcastRecord } from '../../src/ports.ts';
import { parseFrame } from '../../src/wire.ts';
import { memoryBroadcast } from '../support/memory-broadcast.ts';

const T0 = 1_000_000_000;
const ID = 'daily@1';

async function setting(now = T0) {
  const memory = await memoryBroadcast({ id: ID, startsAt: T0, wanted: 'day', next: null }, now);
  const { clock, broadcasts } = memory;
  const posted: string[] = [];
  const kept: BroadcastRecord[] = [];
  const ports: BroadcastPorts = {
    ...{ ...memory, log: () => {} },
    async post(_id, text) {
      const frame = parseFrame(text)!;
      posted.push('state' in frame && typeof frame.state === 'string' ? frame.state : frame.type);
      return 'sent' as const;
    },
    keepRecord: async (record) => void kept.push(record),
  };
  /** Somebody has begun it, with music of a minute. */
  const begun = async (owner = 'dead', until = now + LEASE_MS) => {
    const lease = await broadcasts.acquire(ID, owner, now, until);
    if (!('epoch' in lease)) throw new Error('held');
    await broadcasts.change(lease, { state: 'doors', performance: 'day', durationMs: 60_000 });
    return lease;
  };
  const take = (owner = 'two', parts: Partial<BroadcastPorts> = {}, id = ID) =>
    clock.runUntil(takeLease(id, owner, { ...ports, ...parts }));
  return { clock, broadcasts, posted, kept, begun, take };
}

describe('the lease', () => {
  test('is taken for fifteen seconds', async () => {
    const { take, broadcasts, clock } = await setting();
    expect(await take()).toEqual({ broadcast: ID, owner: 'two', epoch: 1 });
    expect(await broadcasts.leaseUntil(ID)).toBe(clock.now() + 15_000);
  });

  test('of what there is not is none', async () => {
    const { take } = await setting();
    expect(await take('two', {}, 'another')).toBe('unknown');
  });

  test('that another holds is waited out once; of a dead one it is then ours', async () => {
    const { take, begun, clock } = await setting();
    await begun();
    expect(await take()).toMatchObject({ owner: 'two', epoch: 2 });
    expect(clock.now()).toBe(T0 + LEASE_MS + 1);
  });

  test('that another keeps renewing is his', async () => {
    const { take, begun, broadcasts, clock } = await setting();
    const lease = await begun();
    void clock.sleepUntil(T0 + 10_000).then(() => broadcasts.renew(lease, T0 + 10_000, T0 + 25_000));
    expect(await take()).toBe('elsewhere');
    expect(clock.now()).toBe(T0 + LEASE_MS + 1);
  });

  test('is not waited for by one in haste', async () => {
    const { take, begun, clock } = await setting();
    await begun();
    expect(await take('two', { patient: false })).toBe('elsewhere');
    expect(clock.now()).toBe(T0);
  });

  test('of what is over is not taken, and nothing is said again of it', async () => {
    const { take, begun, broadcasts, posted, kept } = await setting();
    await broadcasts.change(await begun(), { state: 'ended' });
    expect(await take()).toBe('ended');
    expect([posted, kept]).toEqual([[], []]);
  });
});

describe('what was stopped', () => {
  const stoppedAt = async (now: number, until = now - 1) => {
    const all = await setting(now);
    await all.begun('dead', until);
    await all.broadcasts.stop(ID);
    return all;
  };

  test.each([
    ['two minutes before T0', T0 - 120_000, ['stop', 'stopped']],
    ['before that', T0 - 120_001, []],
    ['at its last note', T0 + 60_000, ['stop', 'stopped']],
    ['after that', T0 + 60_001, []],
  ])('is said again where there may be music to be silenced: %s', async (_when, now, said) => {
    const { take, posted } = await stoppedAt(now);
    expect(await take()).toBe('stopped');
    expect(posted).toEqual(said);
  });

  test('is said before whoever says it leaves, though a listener stalls', async () => {
    const { take, clock } = await stoppedAt(T0);
    expect(await take('two', { post: () => new Promise(() => {}) })).toBe('stopped');
    expect(clock.now()).toBe(T0 + 5_000);
  });

  test('is booked for one who died with the lease, and the lease is given back', async () => {
    const { take, kept, broadcasts } = await stoppedAt(T0);
    await take();
    expect(kept).toMatchObject([{ id: ID, state: 'stopped', chunkSha256: [], endedAt: T0 }]);
    expect(await broadcasts.leaseUntil(ID)).toBe(0);
    await take('three');
    expect(kept).toHaveLength(1);
  });

  test('is booked in the instant in which the lease of the dead one runs out', async () => {
    const { take, kept } = await stoppedAt(T0, T0);
    await take();
    expect(kept).toHaveLength(1);
  });

  test('is left to him who still holds the lease', async () => {
    const { take, kept } = await stoppedAt(T0, T0 + 1);
    await take();
    expect(kept).toEqual([]);
  });

  test('is left alone where nobody ever began it', async () => {
    const { take, kept, broadcasts } = await setting(T0);
    await broadcasts.stop(ID);
    expect(['stopped', 'cancelled']).toContain(await take());
    expect(kept).toEqual([]);
  });
});
