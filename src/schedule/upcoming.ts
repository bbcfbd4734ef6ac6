/** What several windows broadcast, one after the other: where two would meet, the one of lower priority is left out. */
import { type Occurrence, occurrences, startsThen } from './occurrences.ts';
import { DOORS_MS, type Window } from './window.ts';

/** Clock changes, seasons and moons of a year, and a month more: so far ahead windows are compared; milliseconds. */
export const HORIZON_MS = 400 * 86_400_000;

/** When a broadcast of a window is stopped, whatever is left of it; epoch milliseconds. */
export const endOf = (window: Window, startsAt: number): number => startsAt + window.limitMinutes * 60_000;

/**
 * The broadcast that keeps another from happening: it is of a window of higher priority, happens itself, and would meet
 * it. A broadcast takes up the time from its doors to its limit. null: none does.
 */
export function keptOutBy(window: Window, startsAt: number, windows: readonly Window[]): Occurrence | null {
  for (const other of windows) {
    if (other.priority <= window.priority) continue;
    const stillBusy = startsAt - DOORS_MS - other.limitMinutes * 60_000;
    for (const each of occurrences(other, stillBusy)) {
      if (each.startsAt - DOORS_MS >= endOf(window, startsAt)) break;
      if (!keptOutBy(other, each.startsAt, windows)) return each;
    }
  }
  return null;
}

/**
 * The broadcasts of several windows in one ascending stream; those of one instant in the order of the windows. It ends
 * where 400 days of them would all be left out.
 * @param among all windows in force, where the stream is to tell some of them alone
 */
export function* upcoming(
  windows: readonly Window[],
  after: number,
  among: readonly Window[] = windows,
): Generator<Occurrence> {
  const streams = windows.map((window) => occurrences(window, after));
  const heads = streams.map((stream) => stream.next());
  let quietSince: number | null = null;
  for (;;) {
    let earliest = -1;
    for (const [i, head] of heads.entries()) {
      if (head.done) continue;
      const best = heads[earliest];
      if (!best || best.done || head.value.startsAt < best.value.startsAt) earliest = i;
    }
    const head = heads[earliest];
    if (!head || head.done) return;
    const { startsAt } = head.value;
    if (!keptOutBy(windows[earliest]!, startsAt, among)) {
      quietSince = null;
      yield head.value;
    } else {
      quietSince ??= startsAt;
      if (startsAt > quietSince + HORIZON_MS) return;
    }
    heads[earliest] = streams[earliest]!.next();
  }
}

/** The first broadcast of one window among all in force after an instant, or null. */
export const nextOf = (window: Window, among: readonly Window[], after: number): Occurrence | null =>
  upcoming([window], after, among).next().value ?? null;

/** Whether there is a broadcast of this window at just this instant. */
export const happens = (window: Window, startsAt: number, windows: readonly Window[]): boolean =>
  startsThen(window, startsAt) && keptOutBy(window, startsAt, windows) === null;

/** A broadcast that will not happen, and the one that it would meet. */
export type LeftOut = { readonly occurrence: Occurrence; readonly by: Occurrence };

/** What a window's priority costs itself or others: the broadcasts of the next 400 days that are left out, ascending. */
export function leftOutFor(window: Window, windows: readonly Window[], now: number): readonly LeftOut[] {
  const found: LeftOut[] = [];
  for (const each of windows) {
    const lower = each.id === window.id || each.priority < window.priority;
    if (!lower) continue;
    let seen = 0;
    for (const occurrence of occurrences(each, now)) {
      if (occurrence.startsAt > now + HORIZON_MS || ++seen > MOST_LOOKED_AT) break;
      const by = keptOutBy(each, occurrence.startsAt, windows);
      if (by && (each.id === window.id || by.window === window.id)) found.push({ occurrence, by });
    }
  }
  return found.sort((a, b) => a.occurrence.startsAt - b.occurrence.startsAt);
}
/** A window of every few minutes would have a hundred thousand; what it leaves out repeats itself. */
const MOST_LOOKED_AT = 2_000;
