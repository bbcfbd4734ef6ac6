import { type BroadcastHash, broadcastHash } from './broadcast-hash.ts';
import { type FanOut, fanOut } from './fan-out.ts';
import { chunkFrames, dueMs, dueSeq, helloFrame, seqAt } from './frames.ts';
import type { Timeline } from './music/timeline.ts';
import type {
  Broadcast,
  BroadcastRecords,
  Broadcasts,
  Clock,
  Connections,
  Lease,
  Log,
  Performances,
  Post,
} from './ports.ts';
import type { Timelines } from './timelines.ts';
import { type Chunk, encodeFrame } from './wire.ts';

/** A dead broadcaster is replaced after this long at the latest; listeners hold eight times as much music. */
export const LEASE_MS = 15_000;
const RENEW_MS = 5_000;
/** How often an operator's stop is looked for. */
const LOOK_MS = 1_000;
/** Without a performance by then, an encore is announced. */
export const ENCORE_BEFORE_MS = 10_000;
/** How long the last frames may take before the broadcaster leaves. */
const LAST_POSTS_MS = 5_000;

export type BroadcastPorts = {
  readonly broadcasts: Broadcasts;
  readonly performances: Performances;
  readonly timelines: Timelines;
  readonly connections: Connections;
  readonly post: Post;
  readonly clock: Clock;
  readonly log: Log;
  /** Keeps the record of a broadcast that is over; where none is given, nothing is kept. */
  readonly keepRecord?: BroadcastRecords['put'];
};

type Playing = BroadcastPorts & {
  readonly out: FanOut;
  readonly hash: BroadcastHash;
  /** From T0 until this broadcaster found itself live, milliseconds; null: it has not. */
  startLatenessMs: number | null;
};

/** `elsewhere`: another broadcaster is at work; `superseded`: another took over; `silent`: nothing to play. */
export type Outcome = 'ended' | 'silent' | 'stopped' | 'cancelled' | 'elsewhere' | 'superseded' | 'unknown';

/**
 * Plays one broadcast to every listener, from wherever the clock says it stands: T0 is fixed in advance, so a
 * broadcaster that starts late, or takes over, goes on at the right note. Returns when it is over.
 * @param owner names this broadcaster; a retry under the same name keeps its lease
 */
export async function broadcast(
  id: string,
  owner: string,
  ports: BroadcastPorts,
  signal?: AbortSignal,
): Promise<Outcome> {
  const lease = await takeLease(id, owner, ports, signal);
  if (typeof lease === 'string') return lease;
  ports.log('broadcast.leased', { broadcast: id, epoch: lease.epoch });
  const playing: Playing = { ...ports, out: fanOut(ports), hash: broadcastHash(), startLatenessMs: null };
  const outcome = await play(id, lease, playing, signal);
  await lastPosts(playing);
  return outcome;
}

async function play(id: string, lease: Lease, ports: Playing, signal?: AbortSignal): Promise<Outcome> {
  const { broadcasts, clock } = ports;

  let music: Timeline | null = null;
  let posted = -1;
  let renewAt = clock.now() + RENEW_MS;
  for (;;) {
    if (clock.now() >= renewAt) {
      if (!(await broadcasts.renew(lease, clock.now(), clock.now() + LEASE_MS))) return superseded(id, ports);
      renewAt = clock.now() + RENEW_MS;
    }
    let row = await broadcasts.get(id);
    if (!row) return 'unknown';
    if (row.state === 'stopped' || row.state === 'cancelled') {
      await toAll(ports, () => [
        encodeFrame({ type: 'stop', broadcast: id, epoch: lease.epoch }),
        hello(row!, ports),
      ]);
      await keep(row, row.state, ports);
      await broadcasts.release(lease);
      return row.state;
    }
    if (row.epoch !== lease.epoch) return superseded(id, ports);

    if (!music) {
      const chosen = await choose(row, ports);
      if (chosen === 'silent') return finish(row, lease, ports, 'silent', -1);
      if (chosen) {
        music = chosen.music;
        // Whoever takes over repeats what may have been lost on the way; duplicates are harmless.
        posted = seqAt(clock.now() - row.startsAt) - 1;
        ports.hash.sentBefore(posted + 1, music);
        row = await advance(row, lease, ports, {
          ...(row.state === 'scheduled' ? { state: 'doors' as const } : {}),
          performance: chosen.id,
          encore: chosen.id !== row.wanted,
          durationMs: music.music.durationMs,
        });
        if (!row) return superseded(id, ports);
      } else if (row.state === 'scheduled') {
        row = await advance(row, lease, ports, { state: 'doors' });
        if (!row) return superseded(id, ports);
      }
    }

    const now = clock.now();
    const position = now - row.startsAt;
    if (music) {
      const due = dueSeq(music, position);
      if (due > posted) {
        const [playing, from] = [music, posted + 1];
        await toAll(ports, (here) => {
          const frames = chunkFrames(playing, from, due, { broadcast: id, epoch: lease.epoch, here });
          for (const frame of frames) ports.hash.sent(JSON.parse(frame) as Chunk);
          return frames;
        });
        posted = due;
      }
      if (row.state === 'doors' && position >= 0) {
        ports.startLatenessMs = position;
        ports.log('broadcast.starts', { broadcast: id, startLatenessMs: position });
        row = await advance(row, lease, ports, { state: 'live' });
        if (!row) return superseded(id, ports);
      }
      if (position >= music.music.durationMs) return finish(row, lease, ports, 'ended', music.chunks - 1);
    }
    const wake = nextInstant(row, music, posted, now);
    await clock.sleepUntil(Math.min(now + LOOK_MS, renewAt, wake), signal);
  }
}

/** The lease, or why there is none. A loser waits out the expiry once before it believes the other alive. */
async function takeLease(
  id: string,
  owner: string,
  { broadcasts, clock }: BroadcastPorts,
  signal?: AbortSignal,
): Promise<Lease | Outcome> {
  for (let attempt = 0; ; attempt++) {
    const row = await broadcasts.get(id);
    if (!row) return 'unknown';
    if (row.state === 'ended' || row.state === 'stopped' || row.state === 'cancelled') return row.state;
    const now = clock.now();
    const taken = await broadcasts.acquire(id, owner, now, now + LEASE_MS);
    if ('epoch' in taken) return taken;
    if (attempt > 0) return 'elsewhere';
    await clock.sleepUntil(taken.heldUntil + 1, signal);
  }
}

/** Today's performance; an encore from T0 − 10 s on; "silent" with an empty archive; null: not yet. */
async function choose(
  row: Broadcast,
  { performances, timelines, clock, log }: BroadcastPorts,
): Promise<{ id: string; music: Timeline } | 'silent' | null> {
  const load = async (id: string) => {
    try {
      const music = await timelines(id);
      return music && { id, music };
    } catch (error) {
      log('performance.unusable', {
        performance: id,
        reason: error instanceof Error ? error.message : String(error),
      });
      return null;
    }
  };
  const already = row.performance ?? row.wanted;
  const found = await load(already);
  if (found) return found;
  if (clock.now() < row.startsAt - ENCORE_BEFORE_MS) return null;
  for (const id of await performances.list()) {
    if (id === already || id > row.wanted) continue;
    const encore = await load(id);
    if (encore) {
      log('broadcast.encore', { broadcast: row.id, performance: id });
      return encore;
    }
  }
  return 'silent';
}

/** Changes the row and tells everybody. null: the lease was lost. */
async function advance(
  row: Broadcast,
  lease: Lease,
  ports: Playing,
  change: Parameters<Broadcasts['change']>[1],
): Promise<Broadcast | null> {
  const changed = await ports.broadcasts.change(lease, change);
  if (!changed) return null;
  if (changed.state !== row.state || changed.performance !== row.performance) {
    ports.log('broadcast.state', {
      broadcast: row.id,
      state: changed.state,
      performance: changed.performance,
    });
    await toAll(ports, () => [hello(changed, ports)]);
  }
  return changed;
}

async function finish(
  row: Broadcast,
  lease: Lease,
  ports: Playing,
  outcome: 'ended' | 'silent',
  lastSeq: number,
): Promise<Outcome> {
  if (lastSeq >= 0) {
    await toAll(ports, () => [encodeFrame({ type: 'end', broadcast: row.id, epoch: lease.epoch, lastSeq })]);
  }
  const ended = await advance(row, lease, ports, { state: 'ended' });
  if (ended) await keep(ended, 'ended', ports);
  await ports.broadcasts.release(lease);
  return ended ? outcome : superseded(row.id, ports);
}

/** Writes what happened into the books; a broadcast that cannot be booked was heard all the same. */
async function keep(row: Broadcast, state: 'ended' | 'stopped' | 'cancelled', ports: Playing): Promise<void> {
  const { keepRecord, clock, hash, log, startLatenessMs } = ports;
  const { id, startsAt, performance, encore, durationMs, epoch } = row;
  const facts = { id, startsAt, state, performance, encore, durationMs, epoch, startLatenessMs };
  await keepRecord?.({ schema: 1, ...facts, endedAt: clock.now(), ...hash.digest() }).catch(
    (error: unknown) => {
      log('record.failed', { broadcast: id, reason: error instanceof Error ? error.message : String(error) });
    },
  );
}

function superseded(id: string, { log }: BroadcastPorts): Outcome {
  log('broadcast.superseded', { broadcast: id });
  return 'superseded';
}

/** The next instant at which something is due by the music alone. */
function nextInstant(row: Broadcast, music: Timeline | null, posted: number, now: number): number {
  if (!music) return Number.POSITIVE_INFINITY;
  const instants = [row.startsAt, row.startsAt + music.music.durationMs];
  if (posted + 1 < music.chunks) instants.push(row.startsAt + dueMs(posted + 1));
  return Math.min(...instants.filter((instant) => instant > now));
}

const hello = (row: Broadcast, { clock }: BroadcastPorts): string =>
  encodeFrame(helloFrame(row, clock.now(), row.state === 'scheduled' ? row.startsAt : row.next));

/** Puts frames in line for every listener; does not wait for them to arrive. */
async function toAll(
  { connections, out }: Playing,
  framesFor: (here: number) => readonly string[],
): Promise<void> {
  const ids: string[] = [];
  for await (const id of connections.list()) ids.push(id);
  out.send(ids, framesFor(ids.length));
}

/** Gives the last frames a moment to leave, also past a listener that stalls. */
async function lastPosts({ out, clock }: Playing): Promise<void> {
  const enough = new AbortController();
  const patience = clock.sleepUntil(clock.now() + LAST_POSTS_MS, enough.signal).catch(() => {});
  await Promise.race([out.idle(), patience]);
  enough.abort();
}
