import type { StoredWindow, Windows } from '../../ports.ts';
import { parseWindow } from '../../schedule/window.ts';
import type { Database, Row } from './database.ts';

/** Windows, one a row; the version is the condition of every change, so of racing operators one wins. */
export function databaseWindows(database: Database): Windows {
  const stored = (id: string): StoredWindow | null => {
    const [row] = database.all('SELECT * FROM windows WHERE id = ?', id);
    return row ? windowOf(row) : null;
  };
  return {
    list: async () => database.all('SELECT * FROM windows ORDER BY id').map(windowOf),
    get: async (id) => stored(id),
    async put(window, expected) {
      const version = expected + 1;
      const text = JSON.stringify(window);
      const changed =
        expected === 0
          ? database.run(
              'INSERT INTO windows VALUES (?, ?, ?) ON CONFLICT DO NOTHING',
              window.id,
              version,
              text,
            )
          : database.run(
              'UPDATE windows SET version = ?, window = ? WHERE id = ? AND version = ?',
              version,
              text,
              window.id,
              expected,
            );
      return changed === 1 ? { window, version } : { conflict: stored(window.id) };
    },
    async remove(id, expected) {
      const removed = database.run('DELETE FROM windows WHERE id = ? AND version = ?', id, expected);
      return removed === 1 ? 'removed' : { conflict: stored(id) };
    },
  };
}

function windowOf({ id, version, window }: Row): StoredWindow {
  const parsed = parseWindow(JSON.parse(String(window)));
  if ('problem' in parsed) throw new Error(`window ${id} cannot be used: ${parsed.problem}`);
  return { version: Number(version), window: parsed };
}
