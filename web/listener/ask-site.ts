/** One question to the site's clock, over HTTP: `GET /clock?id=7` is answered with `7 1795000000000`. */

import { ROOT } from '../site/root.ts';
import { type AskSite, SLOW_MS } from './site-clock.ts';

/** The id again, so that no answer comes from a cache, and epoch milliseconds. */
const ANSWER = /^(\d{1,12}) (\d{13}(?:\.\d+)?)$/;

/** When a request went which step, by the browser (Resource Timing, W3C); milliseconds. */
export type Steps = Pick<
  PerformanceResourceTiming,
  'startTime' | 'connectStart' | 'connectEnd' | 'requestStart' | 'responseStart'
>;

/**
 * The browser says when the question left and when the first byte of the answer was there: a handshake before it is no part of its way,
 * and a page that was busy then has not made it late.
 * @param now local milliseconds
 * @param steps those of the next request to an address that ends; null: nothing was said of it in time
 */
export function askSite(
  now: () => number,
  fetchUrl: (url: string, options: RequestInit) => Promise<Response>,
  steps: (path: string) => Promise<Steps | null>,
): AskSite {
  const ask = async (id: number) => {
    const path = `${ROOT}/clock?id=${id}`;
    const told = steps(path);
    const calledAt = now();
    const response = await fetchUrl(path, {
      cache: 'no-store',
      credentials: 'omit',
      signal: AbortSignal.timeout(SLOW_MS),
    });
    if (response.status !== 200) return null;
    const [, echoed, stamp] = ANSWER.exec((await response.text()).trim()) ?? [];
    const taken = await told;
    if (Number(echoed) !== id || !taken?.requestStart) return null;
    const serverAt = Number(stamp);
    // Its clock may be read otherwise than ours: what it says is taken from when it was called.
    const at = (step: number) => calledAt + step - taken.startTime;
    return {
      sentAt: at(taken.requestStart),
      serverReceivedAt: serverAt,
      serverSentAt: serverAt,
      arrivedAt: at(taken.responseStart),
      fresh: taken.connectEnd > taken.connectStart,
    };
  };
  // Out of reach, too slow, or broken off: there is no answer.
  return (id, done) => void ask(id).then(done, () => done(null));
}
