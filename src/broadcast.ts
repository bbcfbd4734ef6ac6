import { type BroadcastHash, broadcastHash } from './broadcast-hash.ts';
import { type FanOut, fanOut } from './fan-out.ts';
import { chunkFrames, dueMs, dueSeq, helloFrame, LEAD_MS, seqAt } from './frames.ts';
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
/** With more listeners than this, two chunks go in one frame: half the posts, and still 105 s in hand at least. */
export const MANY_LISTENERS = 500;
/** How often an operator's stop is looked for. */
const LOOK_MS = 1_000;
/** Without a performance by then, an encore is announced. */
export const ENCORE_BEFORE_MS = 10_000;
/** How long the last frames may take before the broadcaster leaves. */
const LAST_POSTS_MS = 5_000;
/** Music may have been posted from this long before T0 on: the lead. */
const SILENCE_FROM_MS = LEAD_MS;
/** A broadcaster that is cut off at some instant looks for a successor this long before. */
export const HAND_OVER_BEFORE_MS = 60_000;
/** Where no more than this is left then, all of it is posted first: nobody depends on the successor any more. */
const POST_THE_REST_MS = 5 * 60_000;

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
  /** Where this process is cut off: at which instant, and how a fresh one is started to go on. */
  readonly limit?: { readonly at: number; handOver(broadcastId: string): Promise<void> };
  /** Called once, as doors open; not waited for. */
  readonly onDoors?: () => Promise<void>;
  /** Whether to wait out the lease of another broadcaster, who may have died; true where not given. */
  readonly patient?: boolean;
};

type Playing = BroadcastPorts & {
  readonly out: FanOut;
  readonly hash: BroadcastHash;
  /** From T0 until this broadcaster found itself live, milliseconds; null: it has not. */
  startLatenessMs: number | null;
};

/**
 * `elsewhere`: another broadcaster is at work; `superseded`: another took over; `handed over`: another was asked to;
 * `silent`: nothing to play.
 */
export type Outcome =
  | 'ended'
  | 'silent'
  | 'stopped'
  | 'cancelled'
  | 'elsewhere'
  | 'superseded'
  | 'handed over'
  | 'unknown';

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
  let listeners = 0;
  let renewAt = clock.now() + RENEW_MS;
  /** A change was refused: the lease is lost, or the broadcast was stopped meanwhile. The next look will tell. */
  const lookAgain = () => {
    renewAt = 0;
  };
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
    if (row.state === 'ended') return 'ended';

    if (!music) {
      const chosen = await choose(row, ports);
      if (chosen === 'silent') {
        if (await finish(row, lease, ports, -1)) return 'silent';
        lookAgain();
        continue;
      }
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
      } else if (row.state === 'scheduled') {
        row = await advance(row, lease, ports, { state: 'doors' });
      }
      if (!row) {
        music = null;
        lookAgain();
        continue;
      }
    }

    const now = clock.now();
    const position = now - row.startsAt;
    if (music) {
      const due = dueSeq(music, position);
      const together = listeners > MANY_LISTENERS ? 2 : 1;
      if (due - posted >= together || (due > posted && due === music.chunks - 1)) {
        const [playing, from] = [music, posted + 1];
        await toAll(ports, (here) => {
          listeners = here;
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
        if (!row) {
          lookAgain();
          continue;
        }
      }
      if (position >= music.music.durationMs) {
        if (await finish(row, lease, ports, music.chunks - 1)) return 'ended';
        lookAgain();
        continue;
      }
    }
    if (ports.limit && now >= ports.limit.at - HAND_OVER_BEFORE_MS) {
      if (music && music.music.durationMs - position < POST_THE_REST_MS) {
        await postRest(music, posted + 1, lease, ports);
        posted = music.chunks - 1;
      }
      if (await handOver(lease, ports)) return 'handed over';
    }
    const wake = nextInstant(row, music, posted, now);
    await clock.sleepUntil(Math.min(now + LOOK_MS, renewAt, wake), signal);
  }
}

/** The lease, or why there is none. A loser waits out the expiry once before it believes the other alive. */
async function takeLease(
  id: string,
  owner: string,
  ports: BroadcastPorts,
  signal?: AbortSignal,
): Promise<Lease | Outcome> {
  const { broadcasts, clock, patient = true } = ports;
  for (let attempt = 0; ; attempt++) {
    const row = await broadcasts.get(id);
    if (!row) return 'unknown';
    if (row.state === 'stopped' || row.state === 'cancelled') await tellStopped(row, ports);
    if (row.state === 'ended' || row.state === 'stopped' || row.state === 'cancelled') return row.state;
    const now = clock.now();
    const taken = await broadcasts.acquire(id, owner, now, now + LEASE_MS);
    if ('epoch' in taken) return taken;
    if (attempt > 0 || !patient) return 'elsewhere';
    await clock.sleepUntil(taken.heldUntil + 1, signal);
  }
}

/**
 * Whoever was to post `stop` may have died before he saw it: it is said again, while there is music to be silenced.
 * No lease is needed for that, for nothing else is ever said of a stopped broadcast.
 */
async function tellStopped(row: Broadcast, ports: BroadcastPorts): Promise<void> {
  const now = ports.clock.now();
  if (now < row.startsAt - SILENCE_FROM_MS || now > row.startsAt + (row.durationMs ?? 0)) return;
  const out = fanOut(ports);
  const stop = encodeFrame({ type: 'stop', broadcast: row.id, epoch: row.epoch });
  await toAll({ ...ports, out }, () => [stop, hello(row, ports)]);
  await lastPosts({ ...ports, out });
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
        reason: messageOf(error),
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
  if (changed.state === 'doors' && row.state === 'scheduled') {
    void ports.onDoors?.().catch((error: unknown) => ports.log('doors.failed', { reason: messageOf(error) }));
  }
  return changed;
}

/**
 * The end: told and booked before the state says so, for whoever finds us dead later repeats only what is not over.
 * false: the change was refused.
 */
async function finish(row: Broadcast, lease: Lease, ports: Playing, lastSeq: number): Promise<boolean> {
  const { id } = row;
  if (lastSeq >= 0) {
    await toAll(ports, () => [encodeFrame({ type: 'end', broadcast: id, epoch: lease.epoch, lastSeq })]);
  }
  await keep(row, 'ended', ports);
  if (!(await advance(row, lease, ports, { state: 'ended' }))) return false;
  await ports.broadcasts.release(lease);
  return true;
}

/** All that is left, and the end: from here on a listener needs nobody, and who joins late is served by `listen`. */
async function postRest(music: Timeline, from: number, lease: Lease, ports: Playing): Promise<void> {
  const lastSeq = music.chunks - 1;
  if (from > lastSeq) return;
  const { broadcast, epoch } = lease;
  await toAll(ports, (here) => {
    const frames = chunkFrames(music, from, lastSeq, { broadcast, epoch, here });
    for (const frame of frames) ports.hash.sent(JSON.parse(frame) as Chunk);
    return [...frames, encodeFrame({ type: 'end', broadcast, epoch, lastSeq })];
  });
}

/**
 * Starts the successor, then lets it in: were we to die between the two, it would wait for our lease to run out.
 * false: it could not be started, to be tried again.
 */
async function handOver(lease: Lease, { limit, broadcasts, log }: Playing): Promise<boolean> {
  try {
    await limit?.handOver(lease.broadcast);
  } catch (error) {
    log('hand_over.failed', { broadcast: lease.broadcast, reason: messageOf(error) });
    return false;
  }
  await broadcasts.release(lease);
  log('broadcast.handed_over', { broadcast: lease.broadcast, epoch: lease.epoch });
  return true;
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Writes what happened into the books; a broadcast that cannot be booked was heard all the same. */
async function keep(row: Broadcast, state: 'ended' | 'stopped' | 'cancelled', ports: Playing): Promise<void> {
  const { keepRecord, clock, hash, log, startLatenessMs } = ports;
  const { id, startsAt, performance, encore, durationMs, epoch } = row;
  const facts = { id, startsAt, state, performance, encore, durationMs, epoch, startLatenessMs };
  await keepRecord?.({ schema: 1, ...facts, endedAt: clock.now(), ...hash.digest() }).catch(
    (error: unknown) => {
      log('record.failed', { broadcast: id, reason: messageOf(error) });
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

const hello = (row: Broadcast, { clock }: Pick<BroadcastPorts, 'clock'>): string =>
  encodeFrame(helloFrame(row, clock.now(), row.state === 'scheduled' ? row.startsAt : row.next));

/** Puts frames in line for every listener; does not wait for them to arrive. */
async function toAll(
  { connections, out }: Pick<Playing, 'connections' | 'out'>,
  framesFor: (here: number) => readonly string[],
): Promise<void> {
  const ids: string[] = [];
  for await (const id of connections.list()) ids.push(id);
  out.send(ids, framesFor(ids.length));
}

/** Gives the last frames a moment to leave, also past a listener that stalls. */
async function lastPosts({ out, clock }: Pick<Playing, 'out' | 'clock'>): Promise<void> {
  const enough = new AbortController();
  const patience = clock.sleepUntil(clock.now() + LAST_POSTS_MS, enough.signal).catch(() => {});
  await Promise.race([out.idle(), patience]);
  enough.abort();
}
