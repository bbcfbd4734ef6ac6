import { type Occurrence, occurrences } from './occurrences.ts';
import { endOf, HORIZON_MS, upcoming } from './upcoming.ts';
import { DOORS_MS, LONGEST_LIMIT_MINUTES, type Window } from './window.ts';

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
 * first one. A broadcast takes up the time from its doors to its limit. Windows of different priority may meet, for one of
 * the two is left out then; what is under way is not left out for anybody.
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
  for (const other of others) {
    const playing = other.id === window.id ? null : underWay(other, now);
    if (!playing || first.value.startsAt - DOORS_MS >= endOf(other, playing.startsAt)) continue;
    const pair = [titled(playing), titled(first.value)].sort((a, b) => a.startsAt - b.startsAt);
    return { earlier: pair[0]!, later: pair[1]! };
  }
  let seen = 0;
  let before: Occurrence | null = null;
  let busyUntil = Number.NEGATIVE_INFINITY;
  for (const occurrence of upcoming(all, from)) {
    if (occurrence.startsAt > from + HORIZON_MS || ++seen > MOST_OCCURRENCES) return null;
    const ours = before?.window === window.id || occurrence.window === window.id;
    if (before && ours && occurrence.startsAt - DOORS_MS < busyUntil) {
      return { earlier: titled(before), later: titled(occurrence) };
    }
    const until = endOf(byId.get(occurrence.window)!, occurrence.startsAt);
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
