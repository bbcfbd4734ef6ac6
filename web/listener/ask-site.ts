/** One question to the site's clock, over HTTP: `GET /clock?id=7` is answered with `7 1795000000000`. */

import { ROOT } from '../site/root.ts';
import { type AskSite, SLOW_MS } from './site-clock.ts';

/** The id again, so that no answer comes from a cache, and epoch milliseconds. */
const ANSWER = /^(\d{1,12}) (\d{13}(?:\.\d+)?)$/;

/** @param now local milliseconds; the way there and back is all that lies between asking and the first byte of the answer */
export function askSite(
  now: () => number,
  fetchUrl: (url: string, options: RequestInit) => Promise<Response>,
): AskSite {
  const ask = async (id: number) => {
    const sentAt = now();
    const response = await fetchUrl(`${ROOT}/clock?id=${id}`, {
      cache: 'no-store',
      credentials: 'omit',
      signal: AbortSignal.timeout(SLOW_MS),
    });
    const arrivedAt = now();
    if (response.status !== 200) return null;
    const [, echoed, stamp] = ANSWER.exec((await response.text()).trim()) ?? [];
    if (Number(echoed) !== id) return null;
    const serverAt = Number(stamp);
    return { sentAt, serverReceivedAt: serverAt, serverSentAt: serverAt, arrivedAt };
  };
  // Out of reach, too slow, or broken off: there is no answer.
  return (id, done) => void ask(id).then(done, () => done(null));
}
