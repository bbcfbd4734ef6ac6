import type { Broadcast, Broadcasts } from '../../ports.ts';
import type { Database, Row, Value } from './database.ts';

const NOT_OVER = "state IN ('scheduled', 'doors', 'live')";
const HELD = 'id = ? AND owner = ? AND epoch = ?';

/** Broadcasts and their leases, one a row; every change is one statement with its condition. */
export function databaseBroadcasts(database: Database): Broadcasts {
  const rowOf = (id: string): Row | null =>
    database.all('SELECT * FROM broadcasts WHERE id = ?', id)[0] ?? null;
  const first = (rest: string): Row | undefined =>
    database.all(`SELECT * FROM broadcasts ${rest} LIMIT 1`)[0];
  return {
    async schedule({ id, startsAt, wanted, next }) {
      const created = database.run(
        `INSERT INTO broadcasts (id, startsAt, wanted, next, state, encore, epoch, leaseUntil)
         VALUES (?, ?, ?, ?, 'scheduled', 0, 0, 0) ON CONFLICT DO NOTHING`,
        id,
        startsAt,
        wanted,
        next,
      );
      return created === 1 ? 'created' : 'exists';
    },
    async get(id) {
      const row = rowOf(id);
      return row && broadcastOf(row);
    },
    async current() {
      const row =
        first("WHERE state IN ('doors', 'live') ORDER BY startsAt DESC") ??
        first("WHERE state = 'scheduled' ORDER BY startsAt") ??
        first('ORDER BY startsAt DESC');
      return row ? broadcastOf(row) : null;
    },
    acquire: async (id, owner, now, until) =>
      database.atOnce(() => {
        const row = rowOf(id);
        if (!row) throw new Error(`no broadcast ${id}`);
        const ours = row.owner === owner;
        if (!ours && row.owner !== null && Number(row.leaseUntil) > now)
          return { heldUntil: Number(row.leaseUntil) };
        const epoch = Number(row.epoch) + (ours ? 0 : 1);
        database.run(
          'UPDATE broadcasts SET owner = ?, leaseUntil = ?, epoch = ? WHERE id = ?',
          owner,
          until,
          epoch,
          id,
        );
        return { broadcast: id, owner, epoch };
      }),
    renew: async ({ broadcast, owner, epoch }, _now, until) =>
      database.run(`UPDATE broadcasts SET leaseUntil = ? WHERE ${HELD}`, until, broadcast, owner, epoch) ===
      1,
    async change({ broadcast, owner, epoch }, change) {
      const fields = Object.entries(change).filter(([, value]) => value !== undefined);
      if (fields.length === 0) throw new RangeError('a change must change something');
      const changed = database.run(
        `UPDATE broadcasts SET ${fields.map(([name]) => `${name} = ?`).join(', ')} WHERE ${HELD} AND ${NOT_OVER}`,
        ...fields.map(([, value]): Value => (typeof value === 'boolean' ? Number(value) : value)),
        broadcast,
        owner,
        epoch,
      );
      return changed === 1 ? broadcastOf(rowOf(broadcast)!) : null;
    },
    async release({ broadcast, owner, epoch }) {
      database.run(
        `UPDATE broadcasts SET owner = NULL, leaseUntil = 0 WHERE ${HELD}`,
        broadcast,
        owner,
        epoch,
      );
    },
    async stop(id) {
      if (database.run(`UPDATE broadcasts SET state = 'stopped' WHERE id = ? AND ${NOT_OVER}`, id) === 1)
        return 'stopped';
      return rowOf(id) ? 'over' : 'unknown';
    },
    leaseUntil: async (id) => Number(rowOf(id)?.leaseUntil ?? 0),
  };
}

/** For the one process that holds the data directory: whoever held a lease before is dead. It ran out; it was not given back. */
export function freeLeases(database: Database): void {
  database.run('UPDATE broadcasts SET owner = NULL, leaseUntil = 1 WHERE owner IS NOT NULL');
}

const broadcastOf = ({ owner: _owner, leaseUntil: _until, encore, ...row }: Row): Broadcast =>
  ({ ...row, encore: encore === 1 }) as unknown as Broadcast;
