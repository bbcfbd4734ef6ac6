import { setImmediate } from 'node:timers/promises';
import type { Clock } from '../../src/ports.ts';

export type FakeClock = Clock & {
  /** Lets time run, from sleeper to sleeper, until `work` settles; a quarter of an hour takes milliseconds. */
  runUntil<T>(work: Promise<T>): Promise<T>;
  /** Lets time run to `instant`, waking whoever sleeps until then. */
  runTo(instant: number): Promise<void>;
};

/** A clock on which time passes only when everybody sleeps. */
export function fakeClock(start = 0): FakeClock {
  let now = start;
  let sleepers: { instant: number; wake: () => void }[] = [];

  /** Lets all work that does not wait for this clock come to rest. */
  const settle = async () => {
    for (let i = 0; i < 10; i++) await setImmediate();
  };
  const wakeEarliest = () => {
    const next = sleepers.reduce((a, b) => (b.instant < a.instant ? b : a));
    sleepers = sleepers.filter((sleeper) => sleeper !== next);
    now = Math.max(now, next.instant);
    next.wake();
  };

  return {
    now: () => now,
    sleepUntil: (instant, signal) =>
      new Promise((resolve, reject) => {
        signal?.throwIfAborted();
        signal?.addEventListener('abort', () => reject(signal.reason), { once: true });
        if (instant <= now) resolve();
        else sleepers.push({ instant, wake: resolve });
      }),
    async runUntil(work) {
      let settled = false;
      const done = () => {
        settled = true;
      };
      work.then(done, done);
      for (;;) {
        await settle();
        if (settled) return work;
        if (sleepers.length === 0) throw new Error('the work waits for something other than time');
        wakeEarliest();
      }
    },
    async runTo(instant) {
      for (;;) {
        await settle();
        if (!sleepers.some((sleeper) => sleeper.instant <= instant)) break;
        wakeEarliest();
      }
      now = Math.max(now, instant);
      await settle();
    },
  };
}
