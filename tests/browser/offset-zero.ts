import type { ServerClock } from '../../web/listener/server-clock.ts';

/** Long enough for `Date.now` to pass from one millisecond to the next, where it is exact. */
const READ_FOR_MS = 5;

/** The page's clock module without its estimate: the page's own clock is taken for the server's. */
export function serverClock(): ServerClock {
  // `Date.now` is cut to whole milliseconds, and the page may be held up between the two: the most is the nearest.
  let offset = Number.NEGATIVE_INFINITY;
  for (const until = performance.now() + READ_FOR_MS; performance.now() < until; ) {
    offset = Math.max(offset, Date.now() - performance.now());
  }
  return {
    add: () => 'kept',
    addOther: () => 'kept',
    forgetOther() {},
    doubt() {},
    startSlewing() {},
    toServer: (localMs) => localMs + offset,
    toLocal: (serverMs) => serverMs - offset,
    ready: true,
    uncertaintyMs: 0,
    otherUncertaintyMs: null,
  };
}
