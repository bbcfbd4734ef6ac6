/** What a dead broadcaster left undone is done by whoever prepares next. */
import type { Broadcast, BroadcastRecords, Broadcasts, Clock, Log } from '../ports.ts';
import type { Playing } from '../publish/day.ts';
import { readIndex } from '../publish/index-file.ts';
import { type PublishPorts, playingOf, publish } from '../publish/publish.ts';
import { DOORS_MS, dateIn } from '../schedule/index.ts';

export type MendPorts = PublishPorts & {
  readonly broadcasts: Broadcasts;
  readonly records: Pick<BroadcastRecords, 'list'>;
  readonly clock: Clock;
  readonly log: Log;
  readonly timeZone: string;
  /** Starts a broadcaster for a broadcast that was left behind. */
  readonly wake: (broadcastId: string) => Promise<void>;
};

/** Days before today that are looked at; what was not made public for longer, nobody misses. */
const LOOKED_BACK_DAYS = 7;
const DAY_MS = 24 * 3_600_000;

/** A broadcast whose broadcaster has died is given another, and what was left unpublished is made public, by us. */
export async function mend(ports: MendPorts): Promise<void> {
  const { broadcasts, clock, log, wake } = ports;
  const row = await broadcasts.current();
  const now = clock.now();
  const due = row?.state === 'doors' || row?.state === 'live' || row?.state === 'scheduled';
  if (row && due && now >= row.startsAt - DOORS_MS && (await broadcasts.leaseUntil(row.id)) <= now) {
    log('broadcast.left_behind', { broadcast: row.id });
    await wake(row.id);
  }
  // Whatever is wrong with what was, what comes is prepared; and this is tried again with the next look.
  try {
    for (const [performance, playing] of await leftUnpublished(row, ports)) {
      log('publish.left_behind', { performance });
      await publish(performance, ports, playing);
    }
  } catch (error) {
    log('publish.failed', { reason: String(error) });
  }
}

/**
 * Performances that were played to their end and are not public: the newest broadcast's, and those of the days before
 * today, whose broadcasts the books tell. The books are opened only where such a day is missing: they grow every evening.
 */
async function leftUnpublished(
  row: Broadcast | null,
  ports: MendPorts,
): Promise<ReadonlyMap<string, Playing>> {
  const { performances, records, site, clock, timeZone } = ports;
  const found = new Map<string, Playing>();
  const days = new Set(
    Array.from({ length: LOOKED_BACK_DAYS }, (_, before) =>
      dateIn(timeZone, clock.now() - (before + 1) * DAY_MS),
    ),
  );
  const ids = (await performances.list()).filter((id) => days.has(id));
  if (row?.state !== 'ended' && ids.length === 0) return found;
  const { performances: published } = await readIndex(site);
  const isPublic = (id: string): boolean => published.some((entry) => entry.id === id);
  const missing = ids.filter((id) => !isPublic(id));
  for (const record of missing.length > 0 ? await records.list() : []) {
    const { performance, state } = record;
    if (state === 'ended' && performance !== null && missing.includes(performance))
      found.set(performance, playingOf({ ...record, heard: record.heard ?? null }));
  }
  if (row?.state === 'ended' && row.performance && !isPublic(row.performance))
    found.set(row.performance, playingOf(row));
  return found;
}
