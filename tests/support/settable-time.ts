/** A machine's time in the hands of a test: it passes, the machine sleeps, somebody sets the clock. */
import { setImmediate } from 'node:timers/promises';
import type { Time } from '../../src/adapters/system-clock.ts';

export type SettableTime = Time & {
  /** Lets time pass, from waiter to waiter. */
  pass(ms: number): Promise<void>;
  /** The machine sleeps for so long; nobody is woken before it wakes. */
  sleep(ms: number): void;
  /** Somebody sets the clock on, or back. */
  set(byMs: number): void;
};

export function settableTime(start: number): SettableTime {
  let wall = start;
  let awake = 1_000;
  let elapsed = 7_000;
  let waiters: { readonly at: number; readonly wake: () => void }[] = [];
  /** Work that waits for something other than time, files above all, comes to rest; a file that is being closed is a CloseReq. */
  const settle = async () => {
    for (let quiet = 0; quiet < 10; quiet++) {
      await setImmediate();
      if (process.getActiveResourcesInfo().some((name) => /^(FSReq|CloseReq|FileHandle)/.test(name)))
        quiet = 0;
    }
  };
  const go = (ms: number) => {
    wall += ms;
    awake += ms;
    elapsed += ms;
  };
  return {
    wall: () => wall,
    awake: () => awake,
    elapsed: () => elapsed,
    timeout: (ms, signal) =>
      new Promise((resolve, reject) => {
        signal?.throwIfAborted();
        signal?.addEventListener('abort', () => reject(signal.reason), { once: true });
        waiters.push({ at: awake + ms, wake: resolve });
      }),
    async pass(ms) {
      const until = awake + ms;
      for (;;) {
        await settle();
        const next = waiters.reduce<(typeof waiters)[number] | null>(
          (a, b) => (a && a.at <= b.at ? a : b),
          null,
        );
        if (!next || next.at > until) break;
        waiters = waiters.filter((waiter) => waiter !== next);
        go(Math.max(0, next.at - awake));
        next.wake();
      }
      go(until - awake);
      await settle();
    },
    sleep(ms) {
      wall += ms;
      elapsed += ms;
    },
    set(byMs) {
      wall += byMs;
    },
  };
}
