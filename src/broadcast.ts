import { broadcastHash } from './broadcast-hash.ts';
import { handOver, LEASE_MS, takeLease } from './broadcast-lease.ts';
import type { BroadcastPorts, Outcome, Playing } from './broadcast-ports.ts';
import { advance, finish, hello, keep, lastPosts, postRest, toAll } from './broadcast-tell.ts';
import { choose } from './choose.ts';
import { fanOut } from './fan-out.ts';
import { chunkFrames, dueMs, dueSeq, seqAt } from './frames.ts';
import type { Timeline } from './music/timeline.ts';
import type { Broadcast, Lease } from './ports.ts';
import { type Chunk, encodeFrame } from './wire.ts';

export { LEASE_MS } from './broadcast-lease.ts';
export type { BroadcastPorts, Outcome } from './broadcast-ports.ts';
export { ENCORE_BEFORE_MS } from './choose.ts';

const RENEW_MS = 5_000;
/** With more listeners than this, two chunks go in one frame: half the posts, and still 105 s in hand at least. */
export const MANY_LISTENERS = 500;
/** How often an operator's stop is looked for. */
const LOOK_MS = 1_000;
/** A broadcaster that is cut off at some instant looks for a successor this long before. */
export const HAND_OVER_BEFORE_MS = 60_000;
/** Where no more than this is left then, all of it is posted first: nobody depends on the successor any more. */
const POST_THE_REST_MS = 5 * 60_000;

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
          title: chosen.music.title,
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
