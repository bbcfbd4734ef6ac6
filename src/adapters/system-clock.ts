import type { Clock } from '../ports.ts';

/** The longest a timer of Node can wait; longer waits are cut into pieces. */
const MAX_TIMEOUT_MS = 2 ** 31 - 1;

export const systemClock: Clock = {
  now: () => Date.now(),
  async sleepUntil(instant, signal) {
    for (let left = instant - Date.now(); left > 0; left = instant - Date.now()) {
      await sleep(Math.min(left, MAX_TIMEOUT_MS), signal);
    }
    signal?.throwIfAborted();
  },
};

const sleep = (ms: number, signal?: AbortSignal): Promise<void> =>
  new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const onAbort = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', onAbort);
      resolve();
    }, ms);
    signal?.addEventListener('abort', onAbort, { once: true });
  });
