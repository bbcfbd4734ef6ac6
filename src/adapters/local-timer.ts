import type { Alarm, Clock, Timer } from '../ports.ts';

/** Alarms of this process: each sleeps on the clock and calls `fire` once. What `fire` throws goes to `onError`. */
export function localTimer(
  clock: Clock,
  fire: (alarm: Alarm) => Promise<void>,
  onError: (error: unknown, alarm: Alarm) => void,
): Timer {
  const armed = new Map<string, { readonly alarm: Alarm; readonly cancel: AbortController }>();
  return {
    async arm(alarm) {
      if (armed.get(alarm.name)?.alarm.at === alarm.at) return;
      armed.get(alarm.name)?.cancel.abort();
      const cancel = new AbortController();
      const entry = { alarm, cancel };
      armed.set(alarm.name, entry);
      void clock
        .sleepUntil(alarm.at, cancel.signal)
        .then(() => {
          armed.delete(alarm.name);
          return fire(alarm);
        })
        .catch((error: unknown) => {
          if (!cancel.signal.aborted) onError(error, alarm);
        });
    },
    async disarm(name) {
      armed.get(name)?.cancel.abort(new Error(`${name} is disarmed`));
      armed.delete(name);
    },
    async list() {
      return [...armed.values()].map(({ alarm }) => alarm);
    },
  };
}
