import type { Broadcasts, Clock, StoredWindow, Timer, Windows } from '../ports.ts';
import {
  bothClocks,
  type ClockChange,
  type Conflict,
  clockChanges,
  type Difference,
  differences,
  findConflict,
  type LeftOut,
  leftOutFor,
  nextOf,
  type Occurrence,
  resolveOnce,
  underWay,
  type Window,
} from '../schedule/index.ts';
import { disarmObsolete, orOtherwise, windowsInForce } from './arm.ts';
import { type Meeting, meetsOnAir } from './meets-on-air.ts';

export type WindowPorts = {
  readonly windows: Windows;
  readonly broadcasts: Pick<Broadcasts, 'current'>;
  readonly clock: Pick<Clock, 'now'>;
  readonly timer: Timer;
  /** The window of a station without stored ones. */
  readonly otherwise: Window | null;
  /** Has the station prepare what comes: it arms what is missing, and tells pages. */
  readonly prepareSoon: () => Promise<void>;
};

/** Why a window is not written. */
export type Refusal =
  /** The time does not exist on that date; the nearest that do, epoch milliseconds. */
  | { readonly refused: 'gap'; readonly before: number; readonly after: number }
  /** It would never be played. */
  | { readonly refused: 'never' }
  | { readonly refused: 'overlap'; readonly conflict: Conflict }
  /** Somebody else has written meanwhile; what is stored now, null where it was removed. */
  | {
      readonly refused: 'stale';
      readonly stored: StoredWindow | null;
      readonly differences: readonly Difference[];
    }
  /** Its doors are open, or it plays. */
  | { readonly refused: 'under way'; readonly occurrence: Occurrence }
  /** A broadcast would open its doors before what plays now is over. */
  | { readonly refused: 'on air'; readonly meeting: Meeting }
  | { readonly refused: 'unknown' };

/** What was written, or would be; its first broadcast; what changes of clocks do to it, and priorities to it and to others. */
export type Saved = {
  readonly stored: StoredWindow;
  readonly next: Occurrence;
  readonly clockChanges: readonly ClockChange[];
  readonly leftOut: readonly LeftOut[];
};

/**
 * Writes a window, new (version 0) or in place of the version that the operator has seen.
 * @param dryRun everything but the writing
 */
export async function saveWindow(
  window: Window,
  expected: number,
  ports: WindowPorts,
  dryRun = false,
): Promise<Saved | Refusal> {
  const { windows, clock, otherwise } = ports;
  const now = clock.now();
  if (window.rule.kind === 'once') {
    const resolved = resolveOnce(window.rule.at, window.timeZone);
    if (resolved.kind === 'gap') return { refused: 'gap', before: resolved.before, after: resolved.after };
  }
  const all = await windows.list();
  const others = all.map((each) => each.window).filter(({ id }) => id !== window.id);
  const inForce = [window, ...others];
  const next = nextOf(window, inForce, now);
  if (!next) return { refused: 'never' };

  const stored = all.find((each) => each.window.id === window.id) ?? null;
  if ((stored?.version ?? 0) !== expected) return stale(stored, window);
  const playing = stored && underWay(stored.window, now);
  if (playing) return { refused: 'under way', occurrence: playing };
  const conflict = findConflict(window, others, now);
  if (conflict) return { refused: 'overlap', conflict };

  const before = await windowsInForce(windows, otherwise);
  const meeting = await meetsOnAir(before, inForce, ports);
  if (meeting) return { refused: 'on air', meeting };
  const written = dryRun ? { window, version: expected + 1 } : await windows.put(window, expected);
  if ('conflict' in written) return stale(written.conflict, window);
  if (!dryRun) await rearm(before, ports);
  return {
    stored: written,
    next,
    clockChanges: clockChanges(window, now),
    leftOut: leftOutFor(window, inForce, now),
  };
}

/** Removes a window; its coming broadcasts do not happen. */
export async function cancelWindow(
  id: string,
  expected: number | null,
  ports: WindowPorts,
  dryRun = false,
): Promise<StoredWindow | Refusal> {
  const { windows, clock, otherwise } = ports;
  const stored = await windows.get(id);
  if (!stored) return { refused: 'unknown' };
  if (expected !== null && stored.version !== expected) return stale(stored, stored.window);
  const playing = underWay(stored.window, clock.now());
  if (playing) return { refused: 'under way', occurrence: playing };
  const before = await windowsInForce(windows, otherwise);
  const others = before.filter((window) => window.id !== id);
  // One that gave way to this one may come in its place, or the daily one.
  const meeting = await meetsOnAir(before, orOtherwise(others, otherwise), ports);
  if (meeting) return { refused: 'on air', meeting };
  if (dryRun) return stored;
  const outcome = await windows.remove(id, stored.version);
  if (outcome !== 'removed') return stale(outcome.conflict, stored.window);
  await rearm(before, ports);
  return stored;
}

/** Takes back the timers of broadcasts that will not be; what is to be armed anew, the station arms. */
async function rearm(before: readonly Window[], ports: WindowPorts): Promise<void> {
  await disarmObsolete(before, await windowsInForce(ports.windows, ports.otherwise), ports);
  await ports.prepareSoon();
}

const stale = (stored: StoredWindow | null, yours: Window): Refusal => ({
  refused: 'stale',
  stored,
  differences: stored ? differences(stored.window, yours) : [],
});

/** A refusal in one line: what, and what instead. */
export function describeRefusal(refusal: Refusal, window: Pick<Window, 'id' | 'timeZone'>): string {
  switch (refusal.refused) {
    case 'gap':
      return (
        `that time does not exist in ${window.timeZone}, where clocks go forward then: ` +
        `the nearest real times are ${bothClocks(window.timeZone, refusal.before)} and ${bothClocks(window.timeZone, refusal.after)}`
      );
    case 'never':
      return 'this window would never be played: give a time to come, a later last date, or a higher --priority';
    case 'overlap': {
      const { earlier, later } = refusal.conflict;
      const name = (each: typeof earlier) => `${each.window}${each.title ? ` “${each.title}”` : ''}`;
      return (
        `windows ${name(earlier)} and ${name(later)} overlap: the first plays from ${bothClocks(earlier.timeZone, earlier.startsAt)}, ` +
        `the doors of the second open 5 minutes before ${bothClocks(later.timeZone, later.startsAt)}; ` +
        'choose another time, a smaller --limit, or let one go before the other with --priority'
      );
    }
    case 'stale': {
      if (!refusal.stored) return `window ${window.id} was cancelled meanwhile: add it anew`;
      const list = refusal.differences.map(
        ({ field, stored, yours }) => `${field}: stored ${stored}, yours ${yours}`,
      );
      const differ = list.length > 0 ? list.join('; ') : 'no difference in its fields';
      return `window ${window.id} was changed meanwhile, it is at version ${refusal.stored.version} (${differ}): look at it and edit that version`;
    }
    case 'under way':
      return `window ${window.id} has its doors open or plays, from five minutes before ${bothClocks(window.timeZone, refusal.occurrence.startsAt)} to its limit: wait until it is over`;
    case 'on air': {
      const { broadcast, until, occurrence } = refusal.meeting;
      const { window: id, startsAt, timeZone } = occurrence;
      return (
        `${broadcast} is on the air until ${bothClocks(timeZone, until)} at the latest, ` +
        `the doors of window ${id} would open 5 minutes before ${bothClocks(timeZone, startsAt)}: wait until it is over, or choose another time`
      );
    }
    case 'unknown':
      return `there is no window ${window.id}: pianola schedule list shows them`;
  }
}
