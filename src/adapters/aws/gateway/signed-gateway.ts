/** The @connections API of a websocket stage over kept TLS connections, at a fraction of what the SDK's client costs. */
import type { Clock, Log } from '../../../ports.ts';
import type { Credentials } from '../credentials.ts';
import type { Protocol } from './connection.ts';
import { type KeptConnections, keptConnections } from './kept-connections.ts';
import type { Answer, Gateway } from './post.ts';
import type { Body } from './request.ts';
import { type Method, NOTHING, type RequestsConfig, requests } from './signed-request.ts';

export type SignedGatewayConfig = RequestsConfig & {
  readonly clock: Pick<Clock, 'now'>;
  /** What the endpoint's certificate must be signed by, PEM, where that is not known to everybody. */
  readonly ca?: string;
  /** What is offered to the endpoint, the best first: HTTP/2, and HTTP/1.1 where it knows no other. */
  readonly protocols?: readonly Protocol[];
  readonly log?: Log;
};

/** As many as posts of a broadcaster that are under way at once (fan-out.ts): none waits for another's connection. */
const CONNECTIONS = 64;
/** All of them at once, on a part of a processor: a handshake costs it some milliseconds. */
const CONNECT_MS = 3_000;
/** A post that takes this long is as good as lost; the listener will ask again. */
const ANSWER_MS = 5_000;
/** Twice the time between chunks. A function that slept longer finds its connections dead, and begins with new ones. */
const KEEP_MS = 30_000;
/** AWS takes signatures up to five minutes off; who is nearer than this was not refused for the time. */
const SKEW_MS = 60_000;
/** Of an error's text only so much is told. */
const ERROR_BYTES = 2_048;

/** What came, and what it was asked with. */
type Attempt = Answer & {
  /** Epoch milliseconds by the service's clock; NaN where it did not say. */
  readonly date: number;
  readonly keys: Credentials;
  readonly ahead: number;
};

/**
 * Each answer's status, as it is; what is no answer (no connection, a broken one, none in five seconds) is thrown. A 403
 * is tried once more where its cause can be mended: our clock is wrong, or the credentials have changed.
 */
export function signedGateway(config: SignedGatewayConfig): Gateway {
  const { clock, ca, protocols, credentials, log } = config;
  const ours = requests(config);
  let kept: KeptConnections | null = null;
  let usedAt = 0;
  /** What the service's clock is ahead of ours, milliseconds. */
  let ahead = 0;

  function connections(now: number): KeptConnections {
    if (kept && Math.abs(now - usedAt) > KEEP_MS) kept.letGo();
    usedAt = now;
    kept ??= keptConnections({
      ...{ url: new URL(config.endpoint), connections: CONNECTIONS },
      ...{ connectMs: CONNECT_MS, answerMs: ANSWER_MS, restMs: KEEP_MS },
      ...(ca === undefined ? {} : { ca }),
      ...(protocols === undefined ? {} : { protocols }),
      // A post costs the processor twice as much from then on.
      fellBack: () => log?.('gateway.fell_back', { to: 'http/1.1' }),
    });
    return kept;
  }

  async function once(method: Method, connectionId: string, body: Body): Promise<Attempt> {
    const [now, then] = [clock.now(), ahead];
    const { request, keys } = await ours.signed(method, connectionId, body, now + then);
    const { status, date, body: text } = await connections(now).exchange(request);
    const error = status < 400 ? '' : text.slice(0, ERROR_BYTES);
    return {
      status,
      error,
      date: status === 403 ? Date.parse(date ?? '') : Number.NaN,
      keys,
      ahead: then,
    };
  }

  /** Whether another try may fare better than one that was refused with 403. */
  async function mended(refused: Attempt): Promise<boolean> {
    // Of many that were refused together, the first has set the clock for all.
    if (refused.ahead !== ahead) return true;
    const off = refused.date - (clock.now() + ahead);
    if (Math.abs(off) > SKEW_MS) {
      ahead += off;
      return true;
    }
    const { accessKeyId, sessionToken } = await credentials({ forceRefresh: true });
    return accessKeyId !== refused.keys.accessKeyId || sessionToken !== refused.keys.sessionToken;
  }

  async function answer(method: Method, connectionId: string, body: Body): Promise<Answer> {
    let attempt = await once(method, connectionId, body);
    if (attempt.status === 403 && (await mended(attempt))) attempt = await once(method, connectionId, body);
    // What was sent stays here: it has the session's token in it.
    return { status: attempt.status, error: attempt.error };
  }

  return {
    post: (connectionId, frame) => answer('POST', connectionId, ours.body(frame)),
    hangUp: (connectionId) => answer('DELETE', connectionId, NOTHING),
    async close() {
      kept?.close();
      kept = null;
    },
  };
}
