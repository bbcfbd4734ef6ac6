import { type Occurrence, occurrences, upcoming } from './occurrences.ts';
import { LONGEST_LIMIT_MINUTES, type Window } from './window.ts';

/** Doors open, listeners gather and the day's performance must be there, this long before T0; milliseconds. */
export const DOORS_MS = 5 * 60_000;

/** Clock changes, seasons and moons of a year, and a month more. */
const HORIZON_MS = 400 * 86_400_000;
/** Of rules that fire every few minutes so many are looked at; they repeat themselves. */
const MOST_OCCURRENCES = 20_000;

const MINUTE_MS = 60_000;

/** Two broadcasts that would meet: the doors of the later open before the earlier must be over. */
export type Conflict = {
  readonly earlier: Occurrence & { readonly title: string };
  readonly later: Occurrence & { readonly title: string };
};

/**
 * The first meeting of a window's broadcasts with those of the others, or with each other, in the 400 days from its
 * first one. A broadcast takes up the time from its doors to its limit.
 */
export function findConflict(window: Window, others: readonly Window[], now: number): Conflict | null {
  const all = [window, ...others.filter((other) => other.id !== window.id)];
  const byId = new Map(all.map((each) => [each.id, each]));
  const titled = (occurrence: Occurrence) => ({
    ...occurrence,
    title: byId.get(occurrence.window)?.title ?? '',
  });
  const first = occurrences(window, now).next();
  if (first.done) return null;
  const from = Math.max(now, first.value.startsAt - LONGEST_LIMIT_MINUTES * MINUTE_MS - DOORS_MS);
  let seen = 0;
  let before: Occurrence | null = null;
  let busyUntil = Number.NEGATIVE_INFINITY;
  for (const occurrence of upcoming(all, from)) {
    if (occurrence.startsAt > from + HORIZON_MS || ++seen > MOST_OCCURRENCES) return null;
    const ours = before?.window === window.id || occurrence.window === window.id;
    if (before && ours && occurrence.startsAt - DOORS_MS < busyUntil) {
      return { earlier: titled(before), later: titled(occurrence) };
    }
    const until = occurrence.startsAt + byId.get(occurrence.window)!.limitMinutes * MINUTE_MS;
    if (until > busyUntil) [before, busyUntil] = [occurrence, until];
  }
  return null;
}

/** The broadcast of a window that is under way, its doors counted in; a window is not changed then. */
export function underWay(window: Window, now: number): Occurrence | null {
  for (const occurrence of occurrences(window, now - window.limitMinutes * MINUTE_MS)) {
    return occurrence.startsAt - DOORS_MS <= now ? occurrence : null;
  }
  return null;
}
