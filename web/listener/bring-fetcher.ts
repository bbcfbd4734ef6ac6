/** What fetches chunks is code of its own: only crowds need it. */

import { ROOT } from '../site/root.ts';
import type { BringFetcher } from './sought-fetcher.ts';

export const bringFetcher: BringFetcher = (use) =>
  void (import(`${ROOT}/fetcher.js`) as Promise<typeof import('./fetcher-chunk.ts')>).then(
    ({ fetcher, getFile }) =>
      use(
        fetcher,
        getFile((url, options) => fetch(url, options)),
      ),
    // Out of reach: the station is asked for what is missing.
    () => {},
  );
