import { localTimer } from '../adapters/local-timer.ts';
import { arm, disarmObsolete, type Plan, planOf } from '../arm.ts';
import type { Outcome } from '../broadcast.ts';
import type { Broadcasts, Clock, Log } from '../ports.ts';
import type { Window } from '../schedule.ts';

/** How often the stored windows are looked at: an operator's change is in force after so many milliseconds. */
const LOOK_MS = 5_000;

/** Composes the performance of a date where it is missing, no longer than so many minutes. */
export type Ensure = (date: string, minutesAtMost: number) => Promise<void>;

export type RunPorts = {
  /** The windows in force. */
  readonly readWindows: () => Promise<readonly Window[]>;
  readonly broadcasts: Pick<Broadcasts, 'get'>;
  readonly clock: Clock;
  readonly log: Log;
  readonly play: (plan: Plan) => Promise<Outcome>;
  readonly ensure: Ensure;
  /** In which a performance has its date. */
  readonly timeZone: string;
};

/** Plays by the windows as they are stored from time to time, until aborted. */
export async function runWindows(ports: RunPorts, signal: AbortSignal): Promise<never> {
  const { readWindows, broadcasts, clock, log, play, ensure, timeZone } = ports;

  const wake = async (id: string): Promise<void> => {
    const windows = await readWindows();
    const plan = planOf(id, windows, timeZone, clock.now());
    if (!plan) return log('broadcast.dropped', { broadcast: id });
    const window = windows.find((candidate) => candidate.id === plan.window);
    // A fixed day's performance is there or it is not; another day's is composed.
    const composed = window?.performance === 'today' ? ensure(plan.wanted, window.limitMinutes) : null;
    await Promise.all([composed, play(plan)]);
  };
  const onError = (error: unknown, broadcast: string) =>
    log('broadcast.failed', { broadcast, reason: error instanceof Error ? error.message : String(error) });
  const timer = localTimer(clock, wake, onError, signal);

  let before: readonly Window[] = [];
  for (;;) {
    signal.throwIfAborted();
    const windows = await readWindows().catch((error: unknown) => {
      // A broken file must not stop the station; what was read before stays in force.
      log('windows.unreadable', { reason: error instanceof Error ? error.message : String(error) });
      return before;
    });
    await disarmObsolete(before, windows, { timer, clock });
    for (const broadcast of await arm(windows, { timer, broadcasts, clock }))
      log('broadcast.armed', { broadcast });
    before = windows;
    await clock.sleepUntil(clock.now() + LOOK_MS, signal);
  }
}
