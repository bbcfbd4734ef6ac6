import type { Clock, Timer, WakeReason } from '../../ports.ts';
import type { Database, Row } from './database.ts';

/** How often rows are looked at: others may have written some, and a machine that slept finds out at once. */
const LOOK_MS = 1_000;

/** Timers as rows: any process arms and disarms them, the station that runs on the data fires them. */
export function databaseTimer(database: Database): Timer {
  return {
    async arm(broadcast, reason, instant) {
      const armed = database.run(
        `INSERT INTO timers VALUES (?, ?, ?, 0) ON CONFLICT (broadcast, reason)
         DO UPDATE SET instant = excluded.instant, fired = 0 WHERE fired = 1`,
        broadcast,
        reason,
        instant,
      );
      return armed === 1 ? 'armed' : 'exists';
    },
    async disarm(broadcast) {
      database.run('DELETE FROM timers WHERE broadcast = ?', broadcast);
    },
    armed: async () =>
      database
        .all('SELECT broadcast, reason FROM timers WHERE fired = 0')
        .map(({ broadcast, reason }) => `${broadcast} ${reason}`),
  };
}

/** The timers of a process that fires them, too: it looks at once at what it has armed itself. */
export function timerOf(
  database: Database,
  clock: Clock,
): {
  readonly timer: Timer;
  fire(
    fire: (broadcastId: string, reason: WakeReason) => Promise<unknown>,
    onError: (error: unknown, broadcastId: string) => void,
    signal: AbortSignal,
  ): Promise<void>;
} {
  const rows = databaseTimer(database);
  let look = new AbortController();
  return {
    timer: {
      ...rows,
      async arm(...row) {
        const outcome = await rows.arm(...row);
        look.abort(new Error('something was armed'));
        return outcome;
      },
    },
    fire: (fire, onError, signal) =>
      fireTimers(
        database,
        {
          now: clock.now,
          sleepUntil(instant) {
            look = new AbortController();
            return clock.sleepUntil(instant, AbortSignal.any([signal, look.signal]));
          },
        },
        fire,
        onError,
        signal,
      ),
  };
}

/**
 * Fires timers as they are due, until aborted. A row goes only when what it woke has come to its end: one whose process
 * died meanwhile fires again in the next, which so goes on with whatever its predecessor was about.
 * @param onError what `fire` throws; it is not fired again for that
 */
export async function fireTimers(
  database: Database,
  clock: Clock,
  fire: (broadcastId: string, reason: WakeReason) => Promise<unknown>,
  onError: (error: unknown, broadcastId: string) => void,
  signal: AbortSignal,
): Promise<void> {
  database.run('UPDATE timers SET fired = 0');
  const start = async ({ broadcast, reason, instant }: Row): Promise<void> => {
    const row = [broadcast!, reason!, instant!] as const;
    try {
      await fire(String(broadcast), String(reason) as WakeReason);
    } catch (error) {
      if (signal.aborted) return;
      onError(error, String(broadcast));
    }
    // Not what has been armed anew meanwhile.
    const WHICH = 'broadcast = ? AND reason = ? AND instant = ? AND fired = 1';
    if (!signal.aborted) database.run(`DELETE FROM timers WHERE ${WHICH}`, ...row);
  };
  const fired: Promise<void>[] = [];
  while (!signal.aborted) {
    const due = database.all(
      'SELECT * FROM timers WHERE fired = 0 AND instant <= ? ORDER BY instant, broadcast, reason DESC',
      clock.now(),
    );
    for (const row of due) {
      database.run(
        'UPDATE timers SET fired = 1 WHERE broadcast = ? AND reason = ?',
        row.broadcast!,
        row.reason!,
      );
      fired.push(start(row));
    }
    const [next] = database.all('SELECT min(instant) AS instant FROM timers WHERE fired = 0');
    const soonest = next?.instant == null ? Number.POSITIVE_INFINITY : Number(next.instant);
    await clock.sleepUntil(Math.min(soonest, clock.now() + LOOK_MS), signal).catch(() => {});
  }
  await Promise.all(fired);
}
