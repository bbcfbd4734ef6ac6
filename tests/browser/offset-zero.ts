import type { ServerClock } from '../../web/clock.ts';

/** The page's clock module without its estimate: the page's own clock is taken for the server's. */
export function serverClock(): ServerClock {
  const origin = performance.timeOrigin;
  return {
    add: () => 'kept',
    startSlewing() {},
    // The recorder shifts both the origin and `now`; once is enough.
    toServer: (localMs) => origin + localMs - (origin + performance.now() - Date.now()),
    toLocal: (serverMs) => serverMs - origin + (origin + performance.now() - Date.now()),
    ready: true,
    uncertaintyMs: 0,
  };
}
