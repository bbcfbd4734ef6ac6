import type { ServerClock } from '../../web/clock.ts';

const READINGS = 1_000;

/** The page's clock module without its estimate: the page's own clock is taken for the server's. */
export function serverClock(): ServerClock {
  // `Date.now` is cut to whole milliseconds, and the page may be held up between the two: the most is the nearest.
  const offset = Math.max(...Array.from({ length: READINGS }, () => Date.now() - performance.now()));
  return {
    add: () => 'kept',
    startSlewing() {},
    toServer: (localMs) => localMs + offset,
    toLocal: (serverMs) => serverMs - offset,
    ready: true,
    uncertaintyMs: 0,
  };
}
