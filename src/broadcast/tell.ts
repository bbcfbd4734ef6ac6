/** What a broadcaster says to everybody. */
import { messageOf } from '../errors.ts';
import type { Timeline } from '../music/timeline.ts';
import type { Broadcast, Broadcasts, Lease } from '../ports.ts';
import type { Chunk } from '../wire.ts';
import { isFetched, postedTo } from './fetching/fetched.ts';
import { endFrames, hello, stopFrames } from './frames.ts';
import type { Playing } from './playing.ts';

/** Changes the row and tells everybody. null: the lease was lost. */
export async function advance(
  row: Broadcast,
  lease: Lease,
  ports: Playing,
  change: Parameters<Broadcasts['change']>[1],
): Promise<Broadcast | null> {
  const changed = await ports.broadcasts.change(lease, change);
  if (!changed) return null;
  const grown = changed.durationMs !== row.durationMs;
  const fetched = changed.fetchedFrom !== row.fetchedFrom || changed.fetchedUntil !== row.fetchedUntil;
  if (changed.state !== row.state || changed.performance !== row.performance || grown || fetched) {
    ports.log('broadcast.state', {
      broadcast: row.id,
      state: changed.state,
      performance: changed.performance,
    });
    await ports.audience.tell(() => [hello(changed, ports.clock.now())]);
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
export async function finish(
  row: Broadcast,
  lease: Lease,
  ports: Playing,
  lastSeq: number,
): Promise<boolean> {
  const end = endFrames(lease, lastSeq);
  await ports.audience.tell(() => end);
  // Who came since the last chunk has been counted just now.
  const heard = row.heard === null ? null : Math.max(row.heard, ports.audience.here());
  await keep({ ...row, heard }, 'ended', ports);
  const ended = await advance(row, lease, ports, { state: 'ended', heard });
  if (!ended) return false;
  await ports.crowd?.dismiss([...end, hello(ended, ports.clock.now())]);
  await ports.broadcasts.release(lease);
  return true;
}

/** An operator's stop, or a cancelled broadcast: everybody falls silent. */
export async function tellStop(row: Broadcast, lease: Lease, ports: Playing): Promise<void> {
  const frames = stopFrames(row, ports.clock.now());
  await ports.audience.tell(() => frames);
  await ports.crowd?.dismiss(frames);
  await keep(row, row.state as 'stopped' | 'cancelled', ports);
  await ports.broadcasts.release(lease);
}

/** Posts chunks, and remembers what they were. */
export async function postChunks(music: Timeline, last: number, lease: Lease, ports: Playing): Promise<void> {
  const frames = await ports.audience.post(music, last, lease);
  for (const frame of frames) ports.hash.sent(JSON.parse(frame) as Chunk);
}

/**
 * The music ends before it is whole, for composing has died: the end is told, and the broadcast is a stopped one, of which
 * the books say how far it came. The next look finds it so.
 */
export async function breakOff(id: string, lastSeq: number, lease: Lease, ports: Playing): Promise<void> {
  ports.log('broadcast.broken_off', { broadcast: id, lastSeq });
  await ports.audience.tell(() => endFrames(lease, lastSeq));
  await ports.broadcasts.stop(id);
}

/**
 * All that is left, and the end: from here on a listener needs nobody, and who joins late is served by `listen`. A crowd that
 * fetches finds it on the site.
 */
export async function postRest(row: Broadcast, music: Timeline, lease: Lease, ports: Playing): Promise<void> {
  const [lastSeq, last] = [music.chunks - 1, postedTo(row, music)];
  if (isFetched(row)) {
    if (!(await ports.siteChunks?.writeRest(row, music))) return;
  } else if (ports.audience.posted() >= lastSeq) return;
  if (ports.audience.posted() < last) await postChunks(music, last, lease, ports);
  await ports.audience.tell(() => endFrames(lease, lastSeq));
}

/** How often the books are tried, and how long is waited in between, milliseconds. */
const BOOKED_TRIES = 3;
const BOOK_AGAIN_MS = 500;

/** Writes what happened into the books; a broadcast that cannot be booked was heard all the same. */
export async function keep(
  row: Broadcast,
  state: 'ended' | 'stopped' | 'cancelled',
  ports: Pick<Playing, 'keepRecord' | 'clock' | 'hash' | 'log'>,
): Promise<void> {
  const { keepRecord, clock, hash, log } = ports;
  const { id, startsAt, performance, encore, durationMs, epoch, startLatenessMs, heard } = row;
  const facts = { id, startsAt, state, performance, encore, durationMs, epoch, startLatenessMs, heard };
  const record = { schema: 1, ...facts, endedAt: clock.now(), ...hash.digest() } as const;
  for (let tries = 1; keepRecord; tries++) {
    try {
      return await keepRecord(record);
    } catch (error) {
      log('record.failed', { broadcast: id, reason: messageOf(error) });
      if (tries === BOOKED_TRIES) return;
      await clock.sleepUntil(clock.now() + BOOK_AGAIN_MS);
    }
  }
}
