/** Timers as they are injected: the browser's, or a test's. */
export type Timers = {
  set(task: () => void, ms: number): number;
  clear(id: number): void;
};

export const browserTimers: Timers = {
  set: (task, ms) => window.setTimeout(task, ms),
  clear: (id) => window.clearTimeout(id),
};

/** Asked any number of times within a task, `act` is done once, in a task after it: much comes at once, as a hello with its notes. */
export function soon(act: () => void): () => void {
  let awaited = false;
  return () => {
    if (awaited) return;
    awaited = true;
    window.setTimeout(() => {
      awaited = false;
      act();
    });
  };
}
