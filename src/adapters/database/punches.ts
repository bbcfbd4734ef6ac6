import type { Clock, Punches } from '../../ports.ts';
import { MARK_MS } from '../punch-marks.ts';
import type { Database } from './database.ts';

/** Counts in rows; who has punched already is known in memory alone, as connections are. */
export function databasePunches(database: Database, clock: Pick<Clock, 'now'>): Punches {
  // Added to files that were made before there were margins; earlier versions do not look at it.
  database.run(
    'CREATE TABLE IF NOT EXISTS punches (performance TEXT PRIMARY KEY, holes INTEGER NOT NULL) WITHOUT ROWID',
  );
  const marks = new Map<string, number>();
  const holesOf = (performance: string): number =>
    Number(database.all('SELECT holes FROM punches WHERE performance = ?', performance)[0]?.holes ?? 0);
  return {
    async punch(connectionId, performance, most) {
      const now = clock.now();
      for (const [mark, at] of marks) {
        if (at > now - MARK_MS) break;
        marks.delete(mark);
      }
      const mark = `${performance} ${connectionId}`;
      if (marks.has(mark)) return { outcome: 'again', holes: holesOf(performance) };
      const added = database.run(
        `INSERT INTO punches VALUES (?, 1)
         ON CONFLICT (performance) DO UPDATE SET holes = holes + 1 WHERE holes < ?`,
        performance,
        most,
      );
      if (added === 0) return { outcome: 'full', holes: holesOf(performance) };
      marks.set(mark, now);
      return { outcome: 'punched', holes: holesOf(performance) };
    },
    async all() {
      const rows = database.all('SELECT performance, holes FROM punches ORDER BY performance');
      return new Map(rows.map(({ performance, holes }) => [String(performance), Number(holes)]));
    },
  };
}
