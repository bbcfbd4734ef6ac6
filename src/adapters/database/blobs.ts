import type { Blobs } from '../../ports.ts';
import type { Database, Row } from './database.ts';

const encoder = new TextEncoder();
const bytesOf = (body: Uint8Array | string) => (typeof body === 'string' ? encoder.encode(body) : body);

/** Bytes as rows of a table. */
export function databaseBlobs(database: Database, now: () => number): Blobs {
  return {
    describe: (name) => `${name} in the database`,
    async read(name) {
      const [row] = database.all('SELECT body FROM blobs WHERE name = ?', name);
      return row ? new Uint8Array(row.body as Uint8Array) : null;
    },
    async create(name, body) {
      const insert = 'INSERT INTO blobs VALUES (?, ?, ?) ON CONFLICT DO NOTHING';
      return database.run(insert, name, bytesOf(body), now()) === 1 ? 'created' : 'exists';
    },
    async write(name, body) {
      database.run('INSERT OR REPLACE INTO blobs VALUES (?, ?, ?)', name, bytesOf(body), now());
    },
    async remove(name) {
      database.run('DELETE FROM blobs WHERE name = ?', name);
    },
    async names(prefix) {
      // A range, not LIKE, which takes `_` for any character.
      const rows = database.all(
        'SELECT name, writtenAt FROM blobs WHERE name >= ? AND name < ? ORDER BY name',
        prefix,
        `${prefix}\u{10ffff}`,
      );
      return rows.map(({ name, writtenAt }: Row) => ({ name: String(name), writtenAt: Number(writtenAt) }));
    },
  };
}
