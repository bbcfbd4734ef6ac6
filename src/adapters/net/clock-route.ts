/** What time it is, by this station's clock, for pages that ask without a websocket; CloudFront answers the same (infra/site.yml). */
import type { IncomingMessage, ServerResponse } from 'node:http';

const CLOCK_PATH = '/clock';
/** Chosen by whoever asks, who knows by it that no cache has answered. */
const ID = /^[^?]*\?id=(\d{1,12})$/;

/**
 * `GET /clock?id=7` is answered with `7 1795000000000`: the id again, and epoch milliseconds, as the websocket's pongs have them.
 * @returns whether the path was this one, and has been answered
 */
export function clockRoute(
  now: () => number,
): (path: string, request: IncomingMessage, response: ServerResponse) => boolean {
  return (path, { method, url = '' }, response) => {
    if (path !== CLOCK_PATH || (method !== 'GET' && method !== 'HEAD')) return false;
    const at = now();
    const body = `${ID.exec(url)?.[1] ?? ''} ${at}`;
    response.writeHead(200, {
      'content-type': 'text/plain; charset=utf-8',
      'content-length': body.length,
      'cache-control': 'no-store',
      // The time is no secret: pages of other origins that may listen may ask for it as well.
      'access-control-allow-origin': '*',
    });
    response.end(method === 'HEAD' ? undefined : body);
    return true;
  };
}
