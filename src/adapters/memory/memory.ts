/** Everything in this process's memory: for local mode, and as the plainest reading of each port's contract. */
import type { Broadcast, Broadcasts, Connections, Lease, Performances, Site } from '../../ports.ts';
import { shardOf } from '../shard.ts';
import { performances } from '../stores/performances.ts';
import { site } from '../stores/site.ts';
import { UNPLAYED } from '../unplayed.ts';
import { memoryBlobs } from './blobs.ts';

export function memoryConnections(): Connections {
  const ids = new Set<string>();
  return {
    async add(id) {
      ids.add(id);
    },
    async remove(id) {
      ids.delete(id);
    },
    async list({ index, of } = { index: 0, of: 1 }) {
      return of === 1 ? [...ids] : [...ids].filter((id) => shardOf(id, of) === index);
    },
    count: async () => ids.size,
  };
}

export const memoryPerformances = (): Performances => performances(memoryBlobs());

type Row = { -readonly [K in keyof Broadcast]: Broadcast[K] } & { owner: string | null; leaseUntil: number };
const OVER = new Set(['ended', 'stopped', 'cancelled']);

export function memoryBroadcasts(): Broadcasts {
  const rows = new Map<string, Row>();
  const holds = (lease: Lease): Row | null => {
    const row = rows.get(lease.broadcast);
    return row && row.owner === lease.owner && row.epoch === lease.epoch ? row : null;
  };
  const publicRow = ({ owner: _owner, leaseUntil: _until, ...row }: Row): Broadcast => row;
  return {
    async schedule(broadcast) {
      if (rows.has(broadcast.id)) return 'exists';
      rows.set(broadcast.id, { ...broadcast, ...UNPLAYED, owner: null, leaseUntil: 0 });
      return 'created';
    },
    async get(id) {
      const row = rows.get(id);
      return row ? publicRow(row) : null;
    },
    async current() {
      const byStart = [...rows.values()].sort((a, b) => a.startsAt - b.startsAt);
      const playing = byStart.findLast((row) => row.state === 'live' || row.state === 'doors');
      const coming = byStart.find((row) => row.state === 'scheduled');
      const current = playing ?? coming ?? byStart.at(-1);
      return current ? publicRow(current) : null;
    },
    async acquire(id, owner, now, until) {
      const row = rows.get(id);
      if (!row) throw new Error(`no broadcast ${id}`);
      if (row.owner !== null && row.owner !== owner && row.leaseUntil > now)
        return { heldUntil: row.leaseUntil };
      if (row.owner !== owner) row.epoch++;
      row.owner = owner;
      row.leaseUntil = until;
      return { broadcast: id, owner, epoch: row.epoch };
    },
    async renew(lease, _now, until) {
      const row = holds(lease);
      if (!row) return false;
      row.leaseUntil = until;
      return true;
    },
    async change(lease, change) {
      const row = holds(lease);
      if (!row || OVER.has(row.state)) return null;
      Object.assign(row, change);
      return publicRow(row);
    },
    async release(lease) {
      const row = holds(lease);
      if (row) Object.assign(row, { owner: null, leaseUntil: 0 });
    },
    async stop(id) {
      const row = rows.get(id);
      if (!row) return 'unknown';
      if (OVER.has(row.state)) return 'over';
      row.state = 'stopped';
      return 'stopped';
    },
    async leaseUntil(id) {
      return rows.get(id)?.leaseUntil ?? 0;
    },
  };
}

export function memorySite(): Site & { readonly files: ReadonlyMap<string, Uint8Array> } {
  const blobs = memoryBlobs();
  return { files: blobs.files, ...site(blobs) };
}
