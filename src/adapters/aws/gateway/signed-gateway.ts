/** The @connections API of a websocket stage over kept TLS connections, at a fraction of what the SDK's client costs. */
import Pool from 'undici/lib/dispatcher/pool.js';
import type { Clock } from '../../../ports.ts';
import type { Answer, Gateway } from './post.ts';
import { type Body, type Headers, type SignerConfig, signer } from './signer.ts';

export type SignedGatewayConfig = Omit<SignerConfig, 'origin'> & {
  /** With the stage in its path: `https://id.execute-api.region.amazonaws.com/prod`. */
  readonly endpoint: string;
  readonly clock: Pick<Clock, 'now'>;
  /** What the endpoint's certificate must be signed by, PEM, where that is not known to everybody. */
  readonly ca?: string;
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
/** Of an error's text only so much is read. */
const ERROR_BYTES = 2_048;

/** What came, and what it was asked with. */
type Attempt = Answer & {
  /** Epoch milliseconds by the service's clock; NaN where it did not say. */
  readonly date: number;
  readonly sent: Headers;
  readonly ahead: number;
};

/**
 * Each answer's status, as it is; what is no answer (no connection, a broken one, none in five seconds) is thrown. A 403
 * is tried once more where its cause can be mended: our clock is wrong, or the credentials have changed.
 */
export function signedGateway(config: SignedGatewayConfig): Gateway {
  const { clock, ca, credentials } = config;
  const { origin, pathname } = new URL(config.endpoint);
  const prefix = `${pathname.replace(/\/$/, '')}/@connections/`;
  const sign = signer({ ...config, origin });
  let pool: Pool | null = null;
  let usedAt = 0;
  /** What the service's clock is ahead of ours, milliseconds. */
  let ahead = 0;

  function connections(): Pool {
    const now = clock.now();
    if (pool && Math.abs(now - usedAt) > KEEP_MS) {
      void pool.close().catch(() => {});
      pool = null;
    }
    usedAt = now;
    pool ??= new Pool(origin, {
      connections: CONNECTIONS,
      keepAliveTimeout: KEEP_MS,
      headersTimeout: ANSWER_MS,
      bodyTimeout: ANSWER_MS,
      connect: { timeout: CONNECT_MS, ...(ca === undefined ? {} : { ca }) },
    });
    return pool;
  }

  async function once(method: 'POST' | 'DELETE', path: string, body: Body | null): Promise<Attempt> {
    const then = ahead;
    const sent = await sign.headers(method, path, body, clock.now() + then);
    return new Promise((resolve, reject) => {
      let [status, date, error] = [0, Number.NaN, ''];
      connections().dispatch(
        { method, path, headers: sent, body: body?.bytes ?? null },
        {
          onRequestStart() {},
          onResponseStart(_controller, code, headers) {
            status = code;
            if (code === 403) date = Date.parse(String(headers.date));
          },
          onResponseData(_controller, chunk) {
            if (status >= 400 && error.length < ERROR_BYTES) error += chunk.toString('latin1');
          },
          onResponseEnd: () => resolve({ status, error, date, sent, ahead: then }),
          onResponseError: (_controller, cause) => reject(cause),
        },
      );
    });
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
    const wasKey = refused.sent.authorization?.includes(`Credential=${accessKeyId}/`);
    return !wasKey || refused.sent['x-amz-security-token'] !== sessionToken;
  }

  async function request(method: 'POST' | 'DELETE', connectionId: string, text?: string): Promise<Answer> {
    const path = prefix + encodeURIComponent(connectionId);
    const body = text === undefined ? null : sign.body(text);
    let attempt = await once(method, path, body);
    if (attempt.status === 403 && (await mended(attempt))) attempt = await once(method, path, body);
    // What was sent stays here: it has the session's token in it.
    return { status: attempt.status, error: attempt.error };
  }

  return {
    post: (connectionId, frame) => request('POST', connectionId, frame),
    hangUp: (connectionId) => request('DELETE', connectionId),
    async close() {
      await pool?.destroy();
      pool = null;
    },
  };
}
