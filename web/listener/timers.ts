/** Timers as they are injected: the browser's, or a test's. */
export type Timers = {
  set(task: () => void, ms: number): number;
  clear(id: number): void;
};

export const browserTimers: Timers = {
  set: (task, ms) => window.setTimeout(task, ms),
  clear: (id) => window.clearTimeout(id),
};
