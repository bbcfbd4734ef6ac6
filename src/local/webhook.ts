/**
 * Tells another program what a station does: a signed POST an event, in the form of Standard Webhooks 1.0
 * (`webhook-id`, `webhook-timestamp`, `webhook-signature`), again and again until it is taken.
 */
import { createHmac } from 'node:crypto';
import { parseBroadcastId } from '../broadcast/id.ts';
import { messageOf } from '../errors.ts';
import type { Clock, Log } from '../ports.ts';

/** Waits before each further try, milliseconds: five minutes of an outage are bridged, and two hours. */
const AGAIN_MS = [5_000, 60_000, 300_000, 1_800_000, 7_200_000];
const PATIENCE_MS = 10_000;
/** Undelivered events beyond these are given up, so that an endpoint that is gone for good fills no memory. */
const MOST_WAITING = 100;

export type WebhookConfig = {
  readonly url: string;
  /** `whsec_` and base64, as Standard Webhooks has it. */
  readonly secret: string;
  /** Public address of the station. */
  readonly site: string;
};
type Ports = {
  readonly clock: Pick<Clock, 'now' | 'sleepUntil'>;
  readonly log: Log;
  readonly post?: (url: string, init: RequestInit) => Promise<{ readonly status: number }>;
};

const KEY = /^whsec_([A-Za-z0-9+/]{32,}={0,2})$/;
/** @throws RangeError for what is no secret */
export function keyOf(secret: string): Buffer {
  const [, base64] = KEY.exec(secret) ?? [];
  if (base64 === undefined)
    throw new RangeError('Give whsec_ and at least 24 bytes in base64, as from: openssl rand -base64 32.');
  return Buffer.from(base64, 'base64');
}

/** `v1,` and the HMAC-SHA256 of id, seconds and body, base64. */
export const signatureOf = (secret: string, id: string, seconds: number, body: string): string =>
  `v1,${createHmac('sha256', keyOf(secret)).update(`${id}.${seconds}.${body}`).digest('base64')}`;

/** `final`: there is no use in trying again. */
type Attempt =
  | { readonly taken: true }
  | { readonly taken: false; readonly final: boolean; readonly reason: string };
type Kind = 'doors' | 'live' | 'ended' | 'failed';
const OVER: Readonly<Record<string, Kind>> = {
  ended: 'ended',
  stopped: 'ended',
  cancelled: 'failed',
  // Nothing could be played, or only when it would have been over.
  silent: 'failed',
};
/** What an event of the log is to others; null: nothing. */
function kindOf(event: string, { state, outcome }: Record<string, unknown>): Kind | null {
  if (event === 'broadcast.state') return state === 'doors' || state === 'live' ? state : null;
  if (event === 'broadcast.over') return OVER[String(outcome)] ?? null;
  return ['broadcast.failed', 'broadcast.dropped', 'compose.failed', 'publish.failed'].includes(event)
    ? 'failed'
    : null;
}

/** @returns a log that tells of what others want to know, until aborted; it never waits and never throws */
export function webhook(config: WebhookConfig, ports: Ports, signal: AbortSignal): Log {
  const { clock, log, post = fetch } = ports;
  let waiting = 0;
  const attempt = async (id: string, body: string): Promise<Attempt> => {
    const seconds = Math.floor(clock.now() / 1000);
    const headers = {
      'content-type': 'application/json',
      'webhook-id': id,
      'webhook-timestamp': String(seconds),
      'webhook-signature': signatureOf(config.secret, id, seconds, body),
    };
    try {
      const patience = AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)]);
      const { status } = await post(config.url, {
        method: 'POST',
        headers,
        body,
        redirect: 'manual',
        signal: patience,
      });
      if (status >= 200 && status < 300) return { taken: true };
      return { taken: false, final: status === 410, reason: `it answered ${status}` };
    } catch (error) {
      return { taken: false, final: false, reason: messageOf(error) };
    }
  };
  const deliver = async (id: string, body: string): Promise<void> => {
    for (let tries = 0; ; tries++) {
      const outcome = await attempt(id, body);
      if (outcome.taken) return;
      const wait = AGAIN_MS[tries];
      if (outcome.final || wait === undefined || signal.aborted) {
        log('webhook.given_up', { id, tries: tries + 1, reason: outcome.reason });
        return;
      }
      await clock.sleepUntil(clock.now() + wait, signal);
    }
  };
  return (event, details = {}) => {
    const type = kindOf(event, details);
    if (type === null || signal.aborted) return;
    const now = clock.now();
    const broadcast = typeof details.broadcast === 'string' ? details.broadcast : null;
    const startsAt = broadcast === null ? null : (parseBroadcastId(broadcast)?.startsAt ?? null);
    // The same event has the same id, however often it is told: who receives it may drop the second.
    const id = type === 'failed' ? `${event}@${now}` : `${broadcast}.${type}`;
    if (waiting >= MOST_WAITING) return log('webhook.given_up', { id, reason: `${waiting} wait already` });
    const data = { ...details, event, startsAt, url: `${config.site}/` };
    waiting++;
    deliver(id, JSON.stringify({ type, timestamp: new Date(now).toISOString(), data }))
      .catch(() => {})
      .finally(() => waiting--);
  };
}
