/** A broadcaster that dies at any await point is replaced, and nobody hears it. */
import { describe, expect, test } from '@jest/globals';
import { broadcast } from '../../src/broadcast/broadcast.ts';
import { mortal } from '../support/mortal.ts';
import { pointsUpTo } from '../support/points.ts';
import { ID, setUp, T0 } from './one-listener.ts';

describe('a broadcaster killed at any of its await points', () => {
  const DURATION = 17_000;
  const WOKEN = T0 - 30_000;
  /** Sooner than any retry of Lambda, to keep the test short; listeners hold two minutes. */
  const RETRY_MS = 20_000;

  async function awaitPoints(): Promise<number> {
    const { clock, ports } = await setUp(DURATION, WOKEN);
    const whole = mortal(ports, Number.POSITIVE_INFINITY, 'before');
    await clock.runUntil(broadcast(ID, 'one', whole.ports));
    return whole.calls();
  }

  // A retry has its predecessor's name and so its lease; the check of T0 + 1 min, and a listener's wake, have their own.
  test.each([
    ['before its effect', 'by a retry', 'one', 1],
    ['before its effect', 'by another', 'two', 2],
    ['after its effect', 'by a retry', 'one', 3],
    ['after its effect', 'by another', 'two', 1],
  ])(
    '%s is replaced %s, and no note is missed, late or changed',
    async (when, _by, successor, first) => {
      const points = await awaitPoints();
      expect(points).toBeGreaterThan(100);
      for (const n of pointsUpTo(points, first)) {
        const { clock, ports, broadcasts, listener, music, records } = await setUp(DURATION, WOKEN);
        void broadcast(ID, 'one', mortal(ports, n, when === 'after its effect' ? 'after' : 'before').ports);
        await clock.runTo(WOKEN + RETRY_MS);
        // After a late death, the next firing comes when the music is over; it was all posted before.
        if (n > points / 2) await clock.runTo(T0 + DURATION + 20_000);
        await clock.runUntil(broadcast(ID, successor, ports));
        const context = `killed at await point ${n} of ${points}`;
        expect([context, listener.notes()]).toEqual([context, music.notes]);
        expect([context, listener.state]).toEqual([
          context,
          expect.objectContaining({ ended: true, late: 0, contradictions: 0, stopped: false }),
        ]);
        expect([context, (await broadcasts.get(ID))?.state]).toEqual([context, 'ended']);
        expect(await records.list()).toHaveLength(1);
      }
    },
    60_000,
  );
});
