import type { Clock, Timer, WakeReason } from '../../src/ports.ts';

/**
 * Timers in memory: each sleeps on the clock and calls `fire` once. What `fire` throws goes to `onError`.
 * @param signal takes all of them back
 */
export function memoryTimer(
  clock: Clock,
  fire: (broadcastId: string, reason: WakeReason) => Promise<void>,
  onError: (error: unknown, broadcastId: string) => void,
  signal?: AbortSignal,
): Timer {
  const armed = new Map<string, AbortController>();
  const nameOf = (broadcastId: string, reason: WakeReason) => `${broadcastId} ${reason}`;
  return {
    async arm(broadcastId, reason, instant) {
      const name = nameOf(broadcastId, reason);
      if (armed.has(name)) return 'exists';
      const cancel = new AbortController();
      armed.set(name, cancel);
      const off = signal ? AbortSignal.any([cancel.signal, signal]) : cancel.signal;
      void clock
        .sleepUntil(instant, off)
        .then(() => {
          armed.delete(name);
          return fire(broadcastId, reason);
        })
        .catch((error: unknown) => {
          if (!off.aborted) onError(error, broadcastId);
        });
      return 'armed';
    },
    async disarm(broadcastId) {
      for (const reason of ['doors', 'check'] as const) {
        const name = nameOf(broadcastId, reason);
        armed.get(name)?.abort(new Error(`${name} is disarmed`));
        armed.delete(name);
      }
    },
    armed: async () => [...armed.keys()],
  };
}
