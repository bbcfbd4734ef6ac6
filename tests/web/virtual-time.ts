import type { Timers } from '../../web/listener/timers.ts';

/** Time that passes only when told to: a quarter of an hour takes milliseconds. */
export type VirtualTime = Timers & {
  now(): number;
  /** Runs everything that is due until `instant`, in order. */
  runTo(instant: number): void;
  /** Lets time pass in which nothing runs; what was due meanwhile runs afterwards. */
  sleep(ms: number): void;
};

export function virtualTime(start = 0): VirtualTime {
  let now = start;
  let nextId = 1;
  const tasks = new Map<number, { at: number; task: () => void }>();
  return {
    now: () => now,
    set(task, ms) {
      tasks.set(nextId, { at: now + Math.max(0, ms), task });
      return nextId++;
    },
    clear: (id) => void tasks.delete(id),
    sleep(ms) {
      now += ms;
    },
    runTo(instant) {
      for (;;) {
        let first: [number, { at: number; task: () => void }] | null = null;
        for (const entry of tasks) if (!first || entry[1].at < first[1].at) first = entry;
        if (!first || first[1].at > instant) break;
        tasks.delete(first[0]);
        now = Math.max(now, first[1].at);
        first[1].task();
      }
      now = Math.max(now, instant);
    },
  };
}
