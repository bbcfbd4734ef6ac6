/** The site's clock is code of its own: of most stations nobody needs it. */
import type { BringSiteClock } from './sought-clock.ts';

/** @param now local milliseconds */
export const bringSiteClock =
  (now: () => number): BringSiteClock =>
  (use) =>
    void (
      import(`${globalThis.SITE_ROOT ?? ''}/site-clock.js`) as Promise<typeof import('./site-clock-chunk.ts')>
    ).then(
      ({ askSite, siteClock }) =>
        use(
          siteClock,
          askSite(now, (url, options) => fetch(url, options)),
        ),
      // Out of reach: the pings go on as they are.
      () => {},
    );
