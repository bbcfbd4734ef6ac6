/** One task that waits, at most: setting another forgets the one before. */
import type { Timers } from './timers.ts';

export type Alarm = {
  /** A task waits. */
  readonly isSet: boolean;
  /** @param ms from now */
  set(task: () => void, ms: number): void;
  clear(): void;
};

export function alarm(timers: Timers): Alarm {
  let waiting: number | null = null;
  const clear = () => {
    if (waiting !== null) timers.clear(waiting);
    waiting = null;
  };
  return {
    get isSet() {
      return waiting !== null;
    },
    set(task, ms) {
      clear();
      waiting = timers.set(() => {
        waiting = null;
        task();
      }, ms);
    },
    clear,
  };
}
