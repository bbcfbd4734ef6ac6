import { memoryDivisions } from '../../src/adapters/memory/divisions.ts';
import { memoryBroadcasts, memoryConnections, memoryPerformances } from '../../src/adapters/memory/memory.ts';
import { memoryBroadcastRecords } from '../../src/adapters/memory/windows.ts';
import { shardOf } from '../../src/adapters/shard.ts';
import type { BroadcastPorts } from '../../src/broadcast/broadcast.ts';
import type { CrowdPorts } from '../../src/broadcast/crowd.ts';
import type { SitePorts } from '../../src/broadcast/fetching/site-chunks.ts';
import { type HelpPorts, help } from '../../src/broadcast/helper.ts';
import { LEASE_MS } from '../../src/broadcast/lease.ts';
import { timelines } from '../../src/broadcast/timelines.ts';
import type { Attempt, Helper, Log, Post } from '../../src/ports.ts';
import { parseFrame } from '../../src/wire.ts';
import { aListener } from './a-listener.ts';
import { type FakeClock, fakeClock } from './fake-clock.ts';
import { scale, stored } from './music.ts';

export const T0 = 1_000_000_000;
const DAY = '2026-11-21';
export const ID = `daily@${T0}`;
/** Of so few listeners each process takes two: seven are four parts. */
export const EACH = 2;
const FEW = { listenersEach: EACH, partsAtMost: 4, postsPerSecond: 1_000 };
/** In this order of the four parts, so that none is empty; of the first three, the second is in a helper's part of two. */
export const NAMES = [0, 1, 2, 3, 0, 1, 2].map((part, i) => {
  for (let n = 0; ; n++) if (shardOf(`listener ${i}.${n}`, 4) === part) return `listener ${i}.${n}`;
});

type Options = {
  readonly durationMs?: number;
  readonly now?: number;
  readonly names?: readonly string[];
  /** A cold start, milliseconds. */
  readonly startMs?: number;
  /** What becomes of the n-th helper (from 1) that is woken; it works where this is not given. */
  readonly fate?: (n: number, ports: HelpPorts) => HelpPorts | 'never starts' | 'refused';
  readonly limits?: Pick<CrowdPorts, 'listenersEach' | 'partsAtMost' | 'postsPerSecond'>;
  readonly clock?: FakeClock;
  /** Where chunks lie that are fetched; where not given, all are posted. */
  readonly fetching?: SitePorts;
  /** What becomes of a frame; where not given, each listener keeps to the protocol and remembers what it heard. */
  readonly deliver?: (name: string, frame: string) => void;
  /** What holds a process up on its way to `deliver`; where not given, nothing does. */
  readonly transport?: (deliver: Post) => { readonly post: Attempt; share(fraction: number): void };
};

/** A station with a broadcaster that may start helpers, each a process of its own on the same clock. */
export async function crowdStation(options: Options = {}) {
  const { durationMs = 60_000, now = T0 - 130_000, names = NAMES, startMs = 1_000 } = options;
  const { clock = fakeClock(now), limits = FEW } = options;
  const performances = memoryPerformances();
  const music = scale(durationMs);
  await performances.create(stored(DAY, music));
  const broadcasts = memoryBroadcasts();
  await broadcasts.schedule({ id: ID, startsAt: T0, wanted: DAY, next: null });
  const connections = memoryConnections();
  const listeners = new Map<string, ReturnType<typeof aListener>>();
  const join = async (name: string) => {
    await connections.add(name);
    if (!options.deliver) listeners.set(name, aListener(clock.now, T0));
  };
  for (const name of names) await join(name);
  const divisions = memoryDivisions();
  const records = memoryBroadcastRecords();
  const log: string[] = [];
  /** The same, with their details. */
  const told: [event: string, details: unknown][] = [];
  const helpers: { helper: Helper; outcome: string | null; posts: number; shares: number[] }[] = [];
  const shares: number[] = [];
  /** How often each chunk was posted to each listener, after T0. */
  const doubled = new Map<string, number>();
  const deliver: Post = async (name, text) => {
    if (options.deliver) {
      options.deliver(name, text);
      return 'sent' as const;
    }
    const frame = parseFrame(text)!;
    listeners.get(name)?.receive(frame);
    const key = frame.type === 'chunk' && clock.now() > T0 ? `${name} ${frame.seq}` : null;
    if (key) doubled.set(key, (doubled.get(key) ?? 0) + 1);
    return 'sent' as const;
  };
  const {
    transport = (post: Post): { post: Attempt; share(fraction: number): void } => ({ post, share: () => {} }),
  } = options;
  const tell: Log = (event, details) => {
    log.push(event);
    told.push([event, details]);
  };
  const shared = { broadcasts, performances, connections, clock, log: tell };
  const wake = async ({ broadcast, epoch }: { broadcast: string; epoch: number }, part: number) => {
    const n = helpers.length + 1;
    const helper = { name: `helper ${n}`, broadcast, epoch, part };
    const one = { helper, outcome: null as string | null, posts: 0, shares: [] as number[] };
    helpers.push(one);
    const way = transport(deliver);
    const ports: HelpPorts = {
      ...shared,
      divisions,
      timelines: timelines(performances),
      postsPerSecond: limits.postsPerSecond,
      share(fraction) {
        one.shares.push(fraction);
        way.share(fraction);
      },
      post: async (name, text, refusals) => {
        one.posts++;
        return way.post(name, text, refusals);
      },
    };
    const fate = options.fate?.(n, ports) ?? ports;
    if (fate === 'refused') throw new Error('too many functions at once');
    if (fate === 'never starts') return;
    const run = async () => {
      await clock.sleepUntil(clock.now() + startMs);
      one.outcome = await help(helper, fate).catch(() => 'fault');
    };
    void run();
  };
  const way = transport(deliver);
  const ports: BroadcastPorts & { readonly crowd: CrowdPorts } = {
    ...shared,
    post: way.post,
    timelines: timelines(performances),
    keepRecord: records.put,
    ...(options.fetching && { fetching: options.fetching }),
    crowd: {
      ...limits,
      divisions,
      wake,
      share(fraction) {
        shares.push(fraction);
        way.share(fraction);
      },
    },
  };
  /** Lets helpers come to their end. */
  const settle = () => clock.runTo(clock.now() + 2 * LEASE_MS);
  return {
    clock,
    ports,
    broadcasts,
    divisions,
    listeners,
    join,
    music,
    helpers,
    records,
    shares,
    log,
    told,
    doubled,
    settle,
  };
}
export type CrowdStation = Awaited<ReturnType<typeof crowdStation>>;
