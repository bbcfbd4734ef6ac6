import type { Blobs } from '../../ports.ts';
import type { Database, Row } from './database.ts';

const encoder = new TextEncoder();
const bytesOf = (body: Uint8Array | string) => (typeof body === 'string' ? encoder.encode(body) : body);

/** Bytes as rows of a table. */
export function databaseBlobs(database: Database, now: () => number): Blobs {
  const create: Blobs['create'] = async (name, body) => {
    const insert = 'INSERT INTO blobs VALUES (?, ?, ?) ON CONFLICT DO NOTHING';
    return database.run(insert, name, bytesOf(body), now()) === 1 ? 'created' : 'exists';
  };
  return {
    create,
    describe: (name) => `${name} in the database`,
    async read(name) {
      const [row] = database.all('SELECT body FROM blobs WHERE name = ?', name);
      return row ? new Uint8Array(row.body as Uint8Array) : null;
    },
    async write(name, body) {
      database.run('INSERT OR REPLACE INTO blobs VALUES (?, ?, ?)', name, bytesOf(body), now());
    },
    async replace(name, before, body) {
      if (before === null) return (await create(name, body)) === 'created' ? 'replaced' : 'changed';
      const update = 'UPDATE blobs SET body = ?, writtenAt = ? WHERE name = ? AND body = ?';
      return database.run(update, bytesOf(body), now(), name, before) === 1 ? 'replaced' : 'changed';
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
