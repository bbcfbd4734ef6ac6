/** Broadcasters and helpers that die, or are failed, at any await point; and hand-overs of a crowd for as long as a window may last. */
import { describe, expect, test } from '@jest/globals';
import { broadcast, type Outcome } from '../../src/broadcast/broadcast.ts';
import type { HelpPorts } from '../../src/broadcast/helper.ts';
import { expectAllHeard } from '../support/crowd-heard.ts';
import { crowdStation, ID, NAMES, T0 } from '../support/crowd-station.ts';
import { mortal } from '../support/mortal.ts';
import { pointsUpTo } from '../support/points.ts';

test('25 minutes are carried over hand-overs with their helpers, and nobody misses or doubts a note', async () => {
  const world = await crowdStation({ durationMs: 25 * 60_000, now: T0 - 300_000, names: NAMES.slice(0, 3) });
  const outcomes: Outcome[] = [];
  const run = async (owner: number): Promise<void> => {
    const next: Promise<void>[] = [];
    const limit = { at: world.clock.now() + 900_000, handOver: async () => void next.push(run(owner + 1)) };
    outcomes.push(await broadcast(ID, `owner ${owner}`, { ...world.ports, limit }));
    await Promise.all(next);
  };
  await world.clock.runUntil(run(1));
  await world.settle();
  expect(outcomes.filter((outcome) => outcome === 'handed over')).toHaveLength(2);
  expect(world.helpers).toHaveLength(3);
  expectAllHeard(world);
  expect((await world.records.list())[0]).toMatchObject({ epoch: 3, startLatenessMs: 0 });
});

describe('at any await point', () => {
  const DURATION = 17_000;
  const WOKEN = T0 - 40_000;
  /** Three listeners, one of whose two parts is a helper's. */
  const inShort = { durationMs: DURATION, now: WOKEN, names: NAMES.slice(0, 3) };
  const NEVER = Number.POSITIVE_INFINITY;
  /** To the first helper something happens at its n-th call. */
  const firstHelper = (n: number, how: 'before' | 'after' | 'fault') =>
    crowdStation({
      ...inShort,
      fate: (which, ports) => (which === 1 ? mortal(ports, n, how).ports : ports),
    });

  test.each([
    ['dies before its call has an effect', 'before', 1],
    ['dies after its call had its effect', 'after', 2],
    ['is failed by what it calls', 'fault', 3],
  ] as const)(
    'a helper that %s is replaced and everybody hears everything',
    async (_what, how, first) => {
      const whole: { calls: () => number }[] = [];
      const fate = (_n: number, ports: HelpPorts) => {
        const one = mortal(ports, NEVER, how);
        whole.push(one);
        return one.ports;
      };
      const counted = await crowdStation({ ...inShort, fate });
      await counted.clock.runUntil(broadcast(ID, 'one', counted.ports));
      await counted.settle();
      const points = whole[0]!.calls();
      expect(points).toBeGreaterThan(100);
      for (const n of pointsUpTo(points, first)) {
        const world = await firstHelper(n, how);
        await world.clock.runUntil(broadcast(ID, 'one', world.ports));
        await world.settle();
        expectAllHeard(world, `helper killed at await point ${n} of ${points}`);
      }
    },
    120_000,
  );

  async function callsOfOwner(how: 'before' | 'after' | 'fault'): Promise<number> {
    const { clock, ports } = await crowdStation(inShort);
    const whole = mortal(ports, NEVER, how);
    await clock.runUntil(broadcast(ID, 'one', whole.ports));
    expect(whole.calls()).toBeGreaterThan(100);
    return whole.calls();
  }

  test.each([
    ['before', 'one', 1],
    ['before', 'two', 2],
    ['after', 'one', 3],
    ['after', 'two', 1],
  ] as const)(
    'an owner that dies %s an effect is replaced by “%s” and everybody hears everything',
    async (how, by, first) => {
      const points = await callsOfOwner(how);
      for (const n of pointsUpTo(points, first)) {
        const world = await crowdStation(inShort);
        void broadcast(ID, 'one', mortal(world.ports, n, how).ports);
        await world.clock.runTo(WOKEN + 20_000);
        // After a late death, the next firing comes when the music is over.
        if (n > points / 3) await world.clock.runTo(T0 + DURATION + 20_000);
        await world.clock.runUntil(broadcast(ID, by, world.ports));
        await world.settle();
        expectAllHeard(world, `owner killed at await point ${n} of ${points}`);
        expect((await world.broadcasts.get(ID))?.state).toBe('ended');
      }
    },
    120_000,
  );

  test('a service that is out of reach for a call of the owner costs nobody a note', async () => {
    const points = await callsOfOwner('fault');
    for (const n of pointsUpTo(points, 2)) {
      const world = await crowdStation(inShort);
      const first = broadcast(ID, 'one', mortal(world.ports, n, 'fault').ports).catch(() => 'fault');
      if ((await world.clock.runUntil(first)) === 'fault') {
        await world.clock.runTo(world.clock.now() + 20_000);
        await world.clock.runUntil(broadcast(ID, 'one', world.ports));
      }
      await world.settle();
      expectAllHeard(world, `fault at await point ${n} of ${points}`);
    }
  });

  test.each([
    ['before', 1],
    ['after', 2],
  ] as const)(
    'a helper that dies %s an effect does not keep a stop from its listeners',
    async (how, first) => {
      for (const n of pointsUpTo(130, first)) {
        const world = await firstHelper(n, how);
        const playing = broadcast(ID, 'one', world.ports);
        await world.clock.runTo(T0 - 10_000);
        await world.broadcasts.stop(ID);
        expect(await world.clock.runUntil(playing)).toBe('stopped');
        await world.settle();
        for (const [name, { state }] of world.listeners)
          expect([n, name, state.stopped]).toEqual([n, name, true]);
      }
    },
    120_000,
  );
});
