import { pinger } from '../../web/listener/pinger.ts';

/**
 * The pings of one page that is there from doors to the end, by the page's own rule, on a clock of ours. Every pong
 * comes after `roundTripMs`.
 */
export function pingsOf(fromMs: number, toMs: number, roundTripMs = 40): number {
  let now = fromMs;
  let pings = 0;
  let nextTimer = 1;
  const timers = new Map<number, { readonly at: number; readonly task: () => void }>();
  const set = (task: () => void, ms: number): number => {
    timers.set(nextTimer, { at: now + ms, task });
    return nextTimer++;
  };
  const page = pinger({
    now: () => now,
    timers: { set, clear: (id) => timers.delete(id) },
    send(id) {
      pings++;
      set(() => page.pong(id, now, now), roundTripMs);
    },
    sample: () => {},
    dead: () => {},
    busy: () => true,
  });
  page.start();
  while (timers.size > 0) {
    const [id, next] = [...timers].reduce((a, b) => (b[1].at < a[1].at ? b : a));
    if (next.at > toMs) break;
    timers.delete(id);
    now = next.at;
    next.task();
  }
  return pings;
}
