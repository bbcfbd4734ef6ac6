import { localTimer } from '../adapters/local-timer.ts';
import type { Outcome } from '../broadcast/broadcast.ts';
import { messageOf } from '../errors.ts';
import type { Broadcasts, Clock, Log } from '../ports.ts';
import type { Window } from '../schedule/index.ts';
import { arm, disarmObsolete, type Plan, planOf } from '../station/arm.ts';

/** How often the stored windows are looked at: an operator's change is in force after so many milliseconds. */
const LOOK_MS = 5_000;
/** Timers reach two days ahead; what they lack is made up for this often, changed or not. */
const REARM_MS = 600_000;

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
  readonly lookMs?: number;
};

/** Plays by the windows as they are stored from time to time, until aborted. */
export async function runWindows(ports: RunPorts, signal: AbortSignal): Promise<never> {
  const { readWindows, broadcasts, clock, log, play, ensure, timeZone, lookMs = LOOK_MS } = ports;

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
    log('broadcast.failed', { broadcast, reason: messageOf(error) });
  const timer = localTimer(clock, wake, onError, signal);

  let before: readonly Window[] = [];
  let rearmAt = Number.NEGATIVE_INFINITY;
  for (;;) {
    signal.throwIfAborted();
    const windows = await readWindows().catch((error: unknown) => {
      // A broken file must not stop the station; what was read before stays in force.
      log('windows.unreadable', { reason: messageOf(error) });
      return before;
    });
    const changed = JSON.stringify(windows) !== JSON.stringify(before);
    if (changed) await disarmObsolete(before, windows, { timer, clock });
    if (changed || clock.now() >= rearmAt) {
      const armed = await arm(windows, { timer, broadcasts, clock });
      for (const broadcast of armed) log('broadcast.armed', { broadcast });
      rearmAt = clock.now() + REARM_MS;
    }
    before = windows;
    await clock.sleepUntil(clock.now() + lookMs, signal);
  }
}
