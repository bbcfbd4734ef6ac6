/** How a station is, for programs that watch it: `/healthz` and `/metrics`. */
import { statfs } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Front, proxiesOf, visitorOf } from '../adapters/net/front.ts';
import type { BroadcastRecord, Clock, Log, Post, PostOutcome } from '../ports.ts';

/** What is there to be told; `problems` are sentences of what a person should look at. */
export type Health = {
  /** Whether it serves and plays; false while it closes. */
  readonly ready: boolean;
  /** T0 of the next broadcast, epoch milliseconds; null: none will come. */
  readonly next: number | null;
  readonly last: Pick<
    BroadcastRecord,
    'id' | 'startsAt' | 'state' | 'performance' | 'encore' | 'startLatenessMs'
  > | null;
  readonly problems: readonly string[];
};

export type MonitorPorts = {
  readonly dataDir: string;
  readonly clock: Pick<Clock, 'now'>;
  /** Of the broadcast that was last; null: none was. */
  readonly newestRecord: () => Promise<BroadcastRecord | null>;
  readonly nextStart: () => Promise<number | null>;
  readonly listeners: () => number;
  readonly onAir: () => boolean;
  readonly closing: () => boolean;
  readonly front: Front;
  /** Who may read the metrics: addresses and networks. */
  readonly metricsFrom: readonly string[];
};

/** As `doctor` has it. */
const LATE_MS = 1_000;
const LEAST_FREE_BYTES = 200 * 1024 * 1024;
/** A failure is a problem until something of its kind has gone well, or a broadcast has ended after it, or for a day. */
const DAY_MS = 86_400_000;

/** Counts what happens: every log line and every post goes through it. */
export function tally(clock: Pick<Clock, 'now'>) {
  const posts = { sent: 0, gone: 0, slow: 0, failed: 0 };
  const failed = new Map<string, { count: number; at: number; reason: string }>();
  const outcomes = new Map<string, number>();
  let composing = 0;
  return {
    posts,
    failed,
    outcomes,
    composing: () => composing,
    /** The same log, counted. */
    log:
      (log: Log): Log =>
      (event, details) => {
        const known = failed.get(event) ?? { count: 0, at: 0, reason: '' };
        if (event.endsWith('.failed'))
          failed.set(event, {
            count: known.count + 1,
            at: clock.now(),
            reason: String(details?.reason ?? ''),
          });
        if (event === 'broadcast.over') {
          const outcome = String(details?.outcome);
          outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
        }
        log(event, details);
      },
    post(post: Post): Post {
      const known = (outcome: PostOutcome): PostOutcome => {
        posts[outcome]++;
        return outcome;
      };
      const failed = (error: unknown): never => {
        posts.failed++;
        throw error;
      };
      return (id, frame) => {
        const outcome = post(id, frame);
        return typeof outcome === 'string' ? known(outcome) : outcome.then(known, failed);
      };
    },
    /** The same work: where it ends, and has told of none of these failures meanwhile, they are problems no longer. */
    settles<A extends readonly unknown[]>(events: readonly string[], work: (...args: A) => Promise<void>) {
      return async (...args: A): Promise<void> => {
        const before = events.map((event) => failed.get(event)?.count);
        await work(...args);
        for (const [i, event] of events.entries()) {
          const known = failed.get(event);
          // It has failed as often as it has.
          if (known && known.count === before[i])
            failed.set(event, { ...known, at: Number.NEGATIVE_INFINITY });
        }
      };
    },
    /** The same work, counted as composing while it lasts. */
    composes:
      <A extends readonly unknown[]>(work: (...args: A) => Promise<void>) =>
      async (...args: A): Promise<void> => {
        composing++;
        await work(...args).finally(() => composing--);
      },
  };
}
export type Tally = ReturnType<typeof tally>;

const freeBytes = (dataDir: string): Promise<number | null> =>
  statfs(dataDir).then(
    ({ bavail, bsize }) => bavail * bsize,
    () => null,
  );

export async function healthOf(ports: MonitorPorts, counted: Tally): Promise<Health> {
  const { clock, newestRecord, dataDir } = ports;
  const problems: string[] = [];
  const last = await newestRecord();
  if (last?.performance === null) problems.push(`the last broadcast was silent: ${last.id}`);
  else if (last?.encore) problems.push(`the last broadcast was an encore: ${last.id}`);
  const lateMs = last?.startLatenessMs ?? 0;
  if (lateMs > LATE_MS) problems.push(`the last broadcast began ${lateMs} ms late`);
  for (const [event, { at, reason }] of counted.failed)
    if (clock.now() - at < DAY_MS && at > (last?.endedAt ?? 0)) problems.push(`${event}: ${reason}`);
  const free = await freeBytes(dataDir);
  if (free === null) problems.push('the data directory cannot be looked at');
  else if (free < LEAST_FREE_BYTES) problems.push(`the disk has ${Math.round(free / 1e6)} MB left`);
  const told = last && {
    ...{ id: last.id, startsAt: last.startsAt, state: last.state, performance: last.performance },
    ...{ encore: last.encore, startLatenessMs: last.startLatenessMs },
  };
  return { ready: !ports.closing(), next: await ports.nextStart(), last: told, problems };
}

/** Prometheus' text format, 0.0.4: times in seconds, sizes in bytes. */
async function metricsText(ports: MonitorPorts, counted: Tally): Promise<string> {
  const { next, last } = await healthOf(ports, counted);
  const free = await freeBytes(ports.dataDir);
  const lines: string[] = [];
  const add = (name: string, type: 'gauge' | 'counter', help: string, values: readonly Sample[]) => {
    const known = values.filter(({ value }) => value !== null);
    if (known.length === 0) return;
    lines.push(`# HELP pianola_${name} ${help}`, `# TYPE pianola_${name} ${type}`);
    for (const { label = '', value } of known) lines.push(`pianola_${name}${label} ${value}`);
  };
  const one = (value: number | null): readonly Sample[] => [{ value }];
  const labelled = (key: string, counts: Iterable<readonly [string, number]>): readonly Sample[] =>
    [...counts].map(([name, value]) => ({ label: `{${key}="${name.replace(/[\\"\n]/g, '_')}"}`, value }));
  add('listeners', 'gauge', 'Open connections of listeners.', one(ports.listeners()));
  add(
    'on_air',
    'gauge',
    '1 while a broadcast is under way, its doors counted in.',
    one(Number(ports.onAir())),
  );
  add('next_start_timestamp_seconds', 'gauge', 'T0 of the next broadcast.', one(next && next / 1000));
  add(
    'last_start_timestamp_seconds',
    'gauge',
    'T0 of the last broadcast.',
    one(last && last.startsAt / 1000),
  );
  const late = last?.startLatenessMs ?? null;
  add(
    'last_start_lateness_seconds',
    'gauge',
    'From T0 until the last broadcast was live.',
    one(late === null ? null : late / 1000),
  );
  add('composing', 'gauge', 'Days that are being composed.', one(counted.composing()));
  add('posts_total', 'counter', 'Frames to listeners.', labelled('outcome', Object.entries(counted.posts)));
  add('broadcasts_total', 'counter', 'Broadcasts since the start.', labelled('outcome', counted.outcomes));
  const failures = [...counted.failed].map(([event, { count }]) => [event, count] as const);
  add('failures_total', 'counter', 'What failed since the start.', labelled('event', failures));
  add('disk_free_bytes', 'gauge', 'Room on the disk of the data directory.', one(free));
  add('resident_memory_bytes', 'gauge', 'Memory of the process.', one(process.memoryUsage.rss()));
  return `${lines.join('\n')}\n`;
}
type Sample = { readonly label?: string; readonly value: number | null };

/** Answers `/healthz` to everybody and `/metrics` to those named; false: it was asked for something else. */
export function monitorPages(ports: MonitorPorts, counted: Tally) {
  const mayRead = proxiesOf(ports.metricsFrom);
  return async (path: string, request: IncomingMessage, response: ServerResponse): Promise<boolean> => {
    const send = (status: number, type: string, text: string) => {
      response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' });
      response.end(request.method === 'HEAD' ? undefined : text);
      return true;
    };
    if (request.method !== 'GET' && request.method !== 'HEAD') return false;
    if (path === '/healthz') {
      const { ready, next, last } = await healthOf(ports, counted);
      return send(ready ? 200 : 503, 'application/json', `${JSON.stringify({ ready, next, last })}\n`);
    }
    if (path !== '/metrics') return false;
    // A proxy that was not named stands for strangers.
    const viaProxy = request.headers['x-forwarded-for'] ?? request.headers.forwarded;
    const { address } = visitorOf(request, ports.front);
    const trusted = ports.front.trusts(request.socket.remoteAddress);
    if (!mayRead(address) || (viaProxy !== undefined && !trusted)) return false;
    return send(200, 'text/plain; version=0.0.4; charset=utf-8', await metricsText(ports, counted));
  };
}
