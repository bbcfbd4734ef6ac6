import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Broadcasts, Lease } from '../../src/ports.ts';

export type OpenedBroadcasts = { readonly broadcasts: Broadcasts; close(): Promise<void> };

const T0 = 1_790_000_000_000;
const row = (id: string, startsAt = T0) => ({ id, startsAt, wanted: '2026-11-21', next: startsAt + 1 });

/** What every keeper of broadcasts and their leases must do. */
export function broadcastsContract(name: string, open: () => Promise<OpenedBroadcasts>): void {
  describe(`${name} keeps broadcasts and their leases`, () => {
    let opened: OpenedBroadcasts;
    let broadcasts: Broadcasts;
    beforeEach(async () => {
      opened = await open();
      broadcasts = opened.broadcasts;
    });
    afterEach(() => opened.close());
    const lease = async (id: string, owner: string, now: number, until: number): Promise<Lease> => {
      const taken = await broadcasts.acquire(id, owner, now, until);
      if (!('epoch' in taken)) throw new Error(`held until ${taken.heldUntil}`);
      return taken;
    };

    test('scheduling twice is scheduling once', async () => {
      expect(await broadcasts.schedule(row('b'))).toBe('created');
      expect(await broadcasts.schedule(row('b', T0 + 5))).toBe('exists');
      expect(await broadcasts.get('b')).toEqual({
        ...row('b'),
        state: 'scheduled',
        performance: null,
        title: null,
        startLatenessMs: null,
        heard: null,
        fetchedFrom: null,
        fetchedUntil: null,
        encore: false,
        durationMs: null,
        epoch: 0,
      });
      expect(await broadcasts.get('c')).toBeNull();
    });

    test('the current one is live, else coming, else the last', async () => {
      expect(await broadcasts.current()).toBeNull();
      for (const [id, at] of [
        ['a', 0],
        ['b', 10],
        ['c', 20],
      ] as const)
        await broadcasts.schedule(row(id, T0 + at));
      expect((await broadcasts.current())?.id).toBe('a');
      await broadcasts.change(await lease('a', 'x', 0, 10), { state: 'ended' });
      expect((await broadcasts.current())?.id).toBe('b');
      await broadcasts.change(await lease('c', 'x', 0, 10), { state: 'doors' });
      expect((await broadcasts.current())?.id).toBe('c');
      await broadcasts.stop('b');
      await broadcasts.stop('c');
      expect((await broadcasts.current())?.id).toBe('c');
    });

    test('of many racers one holds the lease, and the others learn for how long', async () => {
      await broadcasts.schedule(row('b'));
      const owners = Array.from({ length: 25 }, (_, i) => `owner-${i}`);
      const outcomes = await Promise.all(owners.map((owner) => broadcasts.acquire('b', owner, 100, 200)));
      expect(outcomes.filter((outcome) => 'epoch' in outcome)).toHaveLength(1);
      const losers = outcomes.filter((outcome) => !('epoch' in outcome));
      expect(losers).toEqual(Array(24).fill({ heldUntil: 200 }));
      expect((await broadcasts.get('b'))?.epoch).toBe(1);
      expect(await broadcasts.leaseUntil('b')).toBe(200);
    });

    test('acquiring again is the same lease, also after it ran out unclaimed', async () => {
      await broadcasts.schedule(row('b'));
      const first = await lease('b', 'me', 100, 200);
      expect(await lease('b', 'me', 150, 250)).toEqual(first);
      expect(await lease('b', 'me', 900, 999)).toEqual(first);
      expect(await broadcasts.leaseUntil('b')).toBe(999);
    });

    test('a lease that ran out is taken over with the next epoch, and the old one is void', async () => {
      await broadcasts.schedule(row('b'));
      const old = await lease('b', 'old', 100, 200);
      expect(await broadcasts.acquire('b', 'new', 199, 300)).toEqual({ heldUntil: 200 });
      const taken = await lease('b', 'new', 200, 300);
      expect(taken.epoch).toBe(old.epoch + 1);
      expect(await broadcasts.renew(old, 210, 400)).toBe(false);
      expect(await broadcasts.change(old, { state: 'live' })).toBeNull();
      await broadcasts.release(old);
      expect(await broadcasts.leaseUntil('b')).toBe(300);
      expect(await broadcasts.renew(taken, 210, 400)).toBe(true);
      expect(await broadcasts.leaseUntil('b')).toBe(400);
      expect((await broadcasts.get('b'))?.state).toBe('scheduled');
    });

    test('a released lease is free at once, with the next epoch', async () => {
      await broadcasts.schedule(row('b'));
      const first = await lease('b', 'one', 100, 200);
      await broadcasts.release(first);
      expect(await broadcasts.leaseUntil('b')).toBe(0);
      expect((await lease('b', 'two', 101, 300)).epoch).toBe(first.epoch + 1);
      expect(await broadcasts.renew(first, 102, 400)).toBe(false);
    });

    test('the holder changes what it names and nothing else', async () => {
      await broadcasts.schedule(row('b'));
      const mine = await lease('b', 'me', 100, 200);
      const change = {
        state: 'doors',
        performance: '2026-11-20',
        title: 'Rain',
        encore: true,
        durationMs: 5,
        startLatenessMs: 7,
        heard: 14,
        fetchedFrom: 8,
        fetchedUntil: 16,
        next: null,
      } as const;
      const expected = { ...row('b'), ...change, epoch: 1 };
      expect(await broadcasts.change(mine, change)).toEqual(expected);
      expect(await broadcasts.change(mine, { state: 'live' })).toEqual({ ...expected, state: 'live' });
      expect(await broadcasts.get('b')).toEqual({ ...expected, state: 'live' });
    });

    test('what is over stays over', async () => {
      await broadcasts.schedule(row('b'));
      const mine = await lease('b', 'me', 100, 200);
      expect(await broadcasts.stop('b')).toBe('stopped');
      expect(await broadcasts.stop('b')).toBe('over');
      expect(await broadcasts.stop('nothing')).toBe('unknown');
      expect(await broadcasts.change(mine, { state: 'live' })).toBeNull();
      expect((await broadcasts.get('b'))?.state).toBe('stopped');
    });

    test('a lease on nothing is a fault', async () => {
      await expect(broadcasts.acquire('nothing', 'me', 0, 1)).rejects.toThrow(/no broadcast/);
    });
  });
}
