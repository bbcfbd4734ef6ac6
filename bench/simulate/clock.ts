/** Virtual time of a simulated world: nothing waits for the real one. */
import { setImmediate } from 'node:timers/promises';
import type { Clock } from '../../src/ports.ts';

export type SimClock = Clock & {
  /**
   * Runs a task at an instant, at once where it has passed. Returns what takes it back.
   * @param quiet the task wakes nothing that waits for a promise: time may go on at once
   */
  at(instant: number, task: () => void, quiet?: boolean): () => void;
  /** Lets time run, from task to task, until an instant, or until `isOver`. */
  runTo(instant: number, isOver?: () => boolean): Promise<void>;
  /** Time is over: what still waits is let go of, without an answer. A signal that many share would keep all of it. */
  end(): void;
};

type Task = {
  readonly instant: number;
  readonly order: number;
  run: (() => void) | null;
  readonly quiet: boolean;
};
const isBefore = (a: Task, b: Task): boolean =>
  a.instant < b.instant || (a.instant === b.instant && a.order < b.order);

export function simClock(start: number): SimClock {
  let now = start;
  let order = 0;
  const heap: Task[] = [];
  const listening = new Set<() => void>();

  const push = (task: Task) => {
    let i = heap.push(task) - 1;
    while (i > 0) {
      const parent = (i - 1) >> 1;
      if (!isBefore(task, heap[parent]!)) break;
      heap[i] = heap[parent]!;
      i = parent;
    }
    heap[i] = task;
  };
  const pop = (): Task => {
    const first = heap[0]!;
    const last = heap.pop()!;
    if (heap.length === 0) return first;
    let i = 0;
    for (;;) {
      let child = 2 * i + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && isBefore(heap[child + 1]!, heap[child]!)) child++;
      if (!isBefore(heap[child]!, last)) break;
      heap[i] = heap[child]!;
      i = child;
    }
    heap[i] = last;
    return first;
  };
  const at: SimClock['at'] = (instant, run, quiet = false) => {
    const task: Task = { instant: Math.max(instant, now), order: order++, run, quiet };
    push(task);
    return () => {
      task.run = null;
    };
  };
  return {
    now: () => now,
    at,
    sleepUntil: (instant, signal) =>
      new Promise((resolve, reject) => {
        signal?.throwIfAborted();
        if (instant <= now) return resolve();
        const stop = () => {
          listening.delete(deaf);
          cancel();
          reject(signal?.reason);
        };
        const deaf = () => {
          listening.delete(deaf);
          signal?.removeEventListener('abort', stop);
        };
        const cancel = at(instant, () => {
          deaf();
          resolve();
        });
        listening.add(deaf);
        signal?.addEventListener('abort', stop, { once: true });
      }),
    async runTo(instant, isOver = () => false) {
      // Microtasks run out before the loop turns: all that does not wait for this clock has come to rest then.
      await setImmediate();
      while (heap.length > 0 && heap[0]!.instant <= instant && !isOver()) {
        const task = pop();
        if (!task.run) continue;
        now = task.instant;
        task.run();
        if (!task.quiet) await setImmediate();
      }
      now = Math.max(now, instant);
    },
    end() {
      heap.length = 0;
      for (const deaf of listening) deaf();
    },
  };
}
