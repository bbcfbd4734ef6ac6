import { broadcastId, parseBroadcastId } from '../broadcast/id.ts';
import type { Broadcasts, Clock, Timer, WakeReason, Windows } from '../ports.ts';
import { DOORS_MS, dateIn, endOf, happens, startsThen, upcoming, type Window } from '../schedule/index.ts';

/** A broadcaster that died at the doors is found missing this long after T0; listeners hold twice as much music. */
export const CHECK_AFTER_MS = 60_000;
/** Timers are armed this far ahead; arming is repeated at least daily, so one missed day does no harm. */
export const ARM_AHEAD_MS = 48 * 3_600_000;

/** The windows in force: those stored, or the one that a station has until there are any. */
export async function windowsInForce(windows: Windows, otherwise: Window | null): Promise<readonly Window[]> {
  return orOtherwise(
    (await windows.list()).map(({ window }) => window),
    otherwise,
  );
}

export const orOtherwise = (stored: readonly Window[], otherwise: Window | null): readonly Window[] =>
  stored.length > 0 || !otherwise ? stored : [otherwise];

export type ArmPorts = {
  readonly timer: Timer;
  readonly broadcasts: Pick<Broadcasts, 'get'>;
  readonly clock: Pick<Clock, 'now'>;
};

/**
 * Arms what should be armed: called after every change of a window, and daily, to heal what was lost. Calling it again
 * changes nothing. Returns the broadcasts whose timers were missing.
 */
export async function arm(windows: readonly Window[], ports: ArmPorts): Promise<readonly string[]> {
  const { timer, broadcasts, clock } = ports;
  const now = clock.now();
  const missing = new Set<string>();
  for (const { window, startsAt } of upcoming(windows, now - CHECK_AFTER_MS)) {
    if (startsAt > now + ARM_AHEAD_MS) break;
    const id = broadcastId(window, startsAt);
    const wake = async (reason: WakeReason, instant: number) => {
      if ((await timer.arm(id, reason, instant)) === 'armed') missing.add(id);
    };
    const doorsAt = startsAt - DOORS_MS;
    // A window written less than five minutes before its T0 opens its doors at once; one that has begun is left alone.
    if (doorsAt > now || (startsAt > now && (await broadcasts.get(id)) === null))
      await wake('doors', doorsAt);
    if (startsAt + CHECK_AFTER_MS > now) await wake('check', startsAt + CHECK_AFTER_MS);
  }
  return [...missing];
}

/** Takes back the timers of broadcasts that a change of windows has done away with. Returns those broadcasts. */
export async function disarmObsolete(
  before: readonly Window[],
  after: readonly Window[],
  { timer, clock }: Pick<ArmPorts, 'timer' | 'clock'>,
): Promise<readonly string[]> {
  const now = clock.now();
  const obsolete: string[] = [];
  for (const { window: id, startsAt } of upcoming(before, now)) {
    if (startsAt > now + ARM_AHEAD_MS) break;
    const still = after.find((window) => window.id === id);
    if (!still || !happens(still, startsAt, after)) obsolete.push(broadcastId(id, startsAt));
  }
  for (const id of obsolete) await timer.disarm(id);
  return obsolete;
}

/** What to play. */
export type Plan = {
  readonly startsAt: number;
  readonly wanted: string;
  readonly next: number | null;
};

/** When a broadcast is stopped, whatever is left of its music; null: its window does not, or no longer, limit it. */
export function limitOf(id: string, windows: readonly Window[]): number | null {
  const named = parseBroadcastId(id);
  const window = windows.find((candidate) => candidate.id === named?.window);
  if (!named || !window || !startsThen(window, named.startsAt)) return null;
  return endOf(window, named.startsAt);
}

/**
 * What a timer that fired means now. T0 comes from the window, never from when the timer fired. null: the window was
 * cancelled or moved meanwhile, one of higher priority was put in its way, or its time is over.
 * @param stationTimeZone in which a performance has its date
 */
export function planOf(
  id: string,
  windows: readonly Window[],
  stationTimeZone: string,
  now: number,
): Plan | null {
  const named = parseBroadcastId(id);
  const window = windows.find((candidate) => candidate.id === named?.window);
  if (!named || !window || !happens(window, named.startsAt, windows)) return null;
  const { startsAt } = named;
  if (now >= endOf(window, startsAt)) return null;
  const wanted = window.performance === 'today' ? dateIn(stationTimeZone, startsAt) : window.performance;
  const next = upcoming(windows, startsAt).next();
  return { startsAt, wanted, next: next.done ? null : next.value.startsAt };
}
