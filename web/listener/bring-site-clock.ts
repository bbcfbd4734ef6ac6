/** The site's clock is code of its own: of most stations nobody needs it. */

import { ROOT } from '../site/root.ts';
import type { BringSiteClock } from './sought-clock.ts';

/** @param now local milliseconds */
export const bringSiteClock =
  (now: () => number): BringSiteClock =>
  (use) =>
    void (import(`${ROOT}/site-clock.js`) as Promise<typeof import('./site-clock-chunk.ts')>).then(
      ({ askSite, requestSteps, siteClock }) =>
        use(
          siteClock,
          askSite(now, (url, options) => fetch(url, options), requestSteps),
        ),
      // Out of reach: the pings go on as they are.
      () => {},
    );
