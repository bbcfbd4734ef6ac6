import type { Broadcast, BroadcastChange, Lease } from '../ports.ts';
import { audience } from './audience.ts';
import { choose } from './choose-performance.ts';
import { crowd } from './crowd.ts';
import { dueNow, nextInstant } from './due.ts';
import { passFetched, postedTo } from './fetching/fetched.ts';
import { type SiteChunks, siteChunks } from './fetching/site-chunks.ts';
import { seqAt } from './frames.ts';
import { broadcastHash } from './hash.ts';
import { HAND_OVER_BEFORE_MS, LOOK_MS, POST_THE_REST_MS, RENEW_MS } from './intervals.ts';
import { handOver, LEASE_MS, takeLease } from './lease.ts';
import type { BroadcastPorts, Outcome, Playing } from './playing.ts';
import { advance, breakOff, finish, postChunks, postRest, tellStop } from './tell.ts';
import type { TitledTimeline } from './timelines.ts';

export type { BroadcastPorts, Outcome } from './playing.ts';

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
  const ours = audience(ports);
  const shared = ports.crowd ? crowd(lease, ours, { ...ports, ...ports.crowd }) : null;
  const hash = broadcastHash();
  const counted = shared ? null : ports.connections.count;
  const fetched =
    ports.fetching && siteChunks({ ...ports, ...ports.fetching, audience: ours, hash, counted });
  const playing: Playing = {
    ...{ ...ports, audience: ours, crowd: shared, hash },
    siteChunks: fetched ?? null,
  };
  const rate = ports.crowd?.postsPerSecond;
  const outcome = await play(id, lease, playing, rate, signal);
  await fetched?.settle();
  await ours.lastPosts();
  return outcome;
}

async function play(
  id: string,
  lease: Lease,
  ports: Playing,
  postsPerSecond?: number,
  signal?: AbortSignal,
): Promise<Outcome> {
  const { broadcasts, clock, audience: ours, siteChunks: site } = ports;

  let music: TitledTimeline | null = null;
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
      await tellStop(row, lease, ports);
      return row.state;
    }
    if (row.epoch !== lease.epoch) return superseded(id, ports);
    if (row.state === 'ended') return 'ended';
    await ports.crowd?.watch(row);
    await site?.count();

    if (!music) {
      const chosen = await choose(row, ports);
      if (chosen === 'silent') {
        if (await finish(row, lease, ports, -1)) return 'silent';
        lookAgain();
        continue;
      }
      if (chosen === 'lost') {
        await breakOff(id, -1, lease, ports);
        lookAgain();
        continue;
      }
      if (chosen) {
        music = chosen.music;
        // Whoever takes over repeats what may have been lost on the way; duplicates are harmless.
        const from = seqAt(clock.now() - row.startsAt);
        ours.begin(from - 1);
        ports.hash.sentBefore(from, music);
        const known = { ...row, performance: chosen.id };
        row = await advance(row, lease, ports, {
          ...(await fetchedNow(site, known, music)),
          ...(row.state === 'scheduled' ? { state: 'doors' as const } : {}),
          performance: chosen.id,
          title: chosen.music.title,
          encore: chosen.id !== row.wanted,
          durationMs: lengthOf(music),
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

    if (music?.still === 'growing') {
      // Where it cannot be read just now, what is known goes on.
      music = (await ports.timelines(row.performance ?? row.wanted).catch(() => null)) ?? music;
      if (!music.still) {
        row = await advance(row, lease, ports, { durationMs: lengthOf(music) });
        if (!row) {
          music = null;
          lookAgain();
          continue;
        }
      }
    }

    const now = clock.now();
    const position = now - row.startsAt;
    if (music) {
      const change = await fetchedNow(site, row, music);
      if (Object.keys(change).length > 0) {
        row = await advance(row, lease, ports, change);
        if (!row) {
          lookAgain();
          continue;
        }
      }
      if (!music.still) site?.write(row, music);
      passFetched(row, ours);
      const due = dueNow(music, position, ours, postsPerSecond, postedTo(row, music));
      if (due !== null) await postChunks(music, due, lease, ports);
      if (row.state === 'doors' && position >= 0) {
        ports.log('broadcast.starts', { broadcast: id, startLatenessMs: position });
        row = await advance(row, lease, ports, { state: 'live', startLatenessMs: position });
        if (!row) {
          lookAgain();
          continue;
        }
      }
      if (row.state === 'live' && ours.here() > (row.heard ?? -1)) {
        row = await advance(row, lease, ports, { heard: ours.here() });
        if (!row) {
          lookAgain();
          continue;
        }
      }
      if (music.still === 'broken' && position >= music.music.durationMs) {
        await breakOff(id, music.chunks - 1, lease, ports);
        lookAgain();
        continue;
      }
      if (!music.still && position >= music.music.durationMs) {
        if (await finish(row, lease, ports, music.chunks - 1)) return 'ended';
        lookAgain();
        continue;
      }
    }
    if (ports.limit && now >= ports.limit.at - HAND_OVER_BEFORE_MS) {
      if (music && !music.still && music.music.durationMs - position < POST_THE_REST_MS)
        await postRest(row, music, lease, ports);
      if (await handOver(lease, ports)) return 'handed over';
    }
    const wake = nextInstant(row, music, ours.posted(), now);
    await clock.sleepUntil(Math.min(now + LOOK_MS, renewAt, wake), signal);
  }
}

/**
 * What is to be changed of whether chunks are fetched. Files that are due by then are written before anybody is told of them; what is
 * still composed is posted.
 */
async function fetchedNow(
  site: SiteChunks | null,
  row: Broadcast,
  music: TitledTimeline,
): Promise<BroadcastChange> {
  const change = (!music.still && site?.decide(row, music)) || {};
  if (typeof change.fetchedFrom === 'number') {
    site?.write({ ...row, fetchedFrom: change.fetchedFrom, fetchedUntil: null }, music);
    await site?.settle();
  }
  return change;
}

/** null: nobody knows yet. */
const lengthOf = ({ music, still }: TitledTimeline): number | null =>
  still === 'growing' ? null : music.durationMs;

function superseded(id: string, { log }: Pick<BroadcastPorts, 'log'>): Outcome {
  log('broadcast.superseded', { broadcast: id });
  return 'superseded';
}
