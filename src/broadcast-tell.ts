import type { BroadcastPorts, Playing } from './broadcast-ports.ts';
import { chunkFrames, helloFrame } from './frames.ts';
import type { Timeline } from './music/timeline.ts';
import type { Broadcast, Broadcasts, Lease } from './ports.ts';
import { type Chunk, encodeFrame } from './wire.ts';

/** What a broadcaster says to everybody. */

/** How long the last frames may take before the broadcaster leaves. */
const LAST_POSTS_MS = 5_000;

/** Changes the row and tells everybody. null: the lease was lost. */
export async function advance(
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
export async function finish(
  row: Broadcast,
  lease: Lease,
  ports: Playing,
  lastSeq: number,
): Promise<boolean> {
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
export async function postRest(music: Timeline, from: number, lease: Lease, ports: Playing): Promise<void> {
  const lastSeq = music.chunks - 1;
  if (from > lastSeq) return;
  const { broadcast, epoch } = lease;
  await toAll(ports, (here) => {
    const frames = chunkFrames(music, from, lastSeq, { broadcast, epoch, here });
    for (const frame of frames) ports.hash.sent(JSON.parse(frame) as Chunk);
    return [...frames, encodeFrame({ type: 'end', broadcast, epoch, lastSeq })];
  });
}

/** Writes what happened into the books; a broadcast that cannot be booked was heard all the same. */
export async function keep(
  row: Broadcast,
  state: 'ended' | 'stopped' | 'cancelled',
  ports: Playing,
): Promise<void> {
  const { keepRecord, clock, hash, log, startLatenessMs } = ports;
  const { id, startsAt, performance, encore, durationMs, epoch } = row;
  const facts = { id, startsAt, state, performance, encore, durationMs, epoch, startLatenessMs };
  await keepRecord?.({ schema: 1, ...facts, endedAt: clock.now(), ...hash.digest() }).catch(
    (error: unknown) => {
      log('record.failed', { broadcast: id, reason: messageOf(error) });
    },
  );
}

export const hello = (row: Broadcast, { clock }: Pick<BroadcastPorts, 'clock'>): string =>
  encodeFrame(helloFrame(row, clock.now(), row.state === 'scheduled' ? row.startsAt : row.next));

/** Puts frames in line for every listener; does not wait for them to arrive. */
export async function toAll(
  { connections, out }: Pick<Playing, 'connections' | 'out'>,
  framesFor: (here: number) => readonly string[],
): Promise<void> {
  const ids: string[] = [];
  for await (const id of connections.list()) ids.push(id);
  out.send(ids, framesFor(ids.length));
}

/** Gives the last frames a moment to leave, also past a listener that stalls. */
export async function lastPosts({ out, clock }: Pick<Playing, 'out' | 'clock'>): Promise<void> {
  const enough = new AbortController();
  const patience = clock.sleepUntil(clock.now() + LAST_POSTS_MS, enough.signal).catch(() => {});
  await Promise.race([out.idle(), patience]);
  enough.abort();
}

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
