/** How the right to post is won, and passed on. */
import { messageOf } from '../errors.ts';
import type { Broadcast, Lease } from '../ports.ts';
import { audience } from './audience.ts';
import { LEAD_MS } from './fetching/fetched.ts';
import { stopFrames } from './frames.ts';
import { broadcastHash } from './hash.ts';
import type { BroadcastPorts, Outcome, Playing } from './playing.ts';
import { keep } from './tell.ts';

/** A dead broadcaster is replaced after this long at the latest; listeners hold eight times as much music. */
export const LEASE_MS = 15_000;
/** Music may have been posted from this long before T0 on: the lead. */
const SILENCE_FROM_MS = LEAD_MS;

/** The lease, or why there is none. A loser waits out the expiry once before it believes the other alive. */
export async function takeLease(
  id: string,
  owner: string,
  ports: BroadcastPorts,
  signal?: AbortSignal,
): Promise<Lease | Outcome> {
  const { broadcasts, clock, patient = true } = ports;
  for (let attempt = 0; ; attempt++) {
    const row = await broadcasts.get(id);
    if (!row) return 'unknown';
    if (row.state === 'stopped' || row.state === 'cancelled') {
      await tellStopped(row, ports);
      await bookStopped(row, owner, ports);
    }
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
  const everybody = audience(ports);
  await everybody.tell(() => stopFrames(row, ports.clock.now()));
  await everybody.lastPosts();
}

/** He has not booked it either, if he died with the lease: a lease that was given back has no end. */
async function bookStopped(row: Broadcast, owner: string, ports: BroadcastPorts): Promise<void> {
  const { broadcasts, clock, log } = ports;
  const [now, until] = [clock.now(), await broadcasts.leaseUntil(row.id)];
  if (until === 0 || until > now) return;
  const lease = await broadcasts.acquire(row.id, owner, now, now + LEASE_MS);
  if (!('epoch' in lease)) return;
  log('broadcast.leased', { broadcast: row.id, epoch: lease.epoch });
  await keep(row, row.state as 'stopped' | 'cancelled', { ...ports, hash: broadcastHash() });
  await broadcasts.release(lease);
}

/**
 * Starts the successor, then lets it in: were we to die between the two, it would wait for our lease to run out.
 * false: it could not be started, to be tried again.
 */
export async function handOver(lease: Lease, { limit, broadcasts, log }: Playing): Promise<boolean> {
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
