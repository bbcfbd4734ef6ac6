/** One file of the site, parsed. */
import { ROOT } from '../site/root.ts';
import type { GetFile } from './fetcher.ts';

/** What takes longer is asked for again. */
const SLOW_MS = 10_000;

export const getFile =
  (fetchUrl: (url: string, options: RequestInit) => Promise<Response>): GetFile =>
  async (path, again) => {
    try {
      const response = await fetchUrl(`${ROOT}/${path}`, {
        cache: again ? 'reload' : 'default',
        credentials: 'omit',
        signal: AbortSignal.timeout(SLOW_MS),
      });
      return response.status === 200 ? await response.json() : null;
    } catch {
      // Out of reach, too slow, broken off, or no JSON.
      return null;
    }
  };
