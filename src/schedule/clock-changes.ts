import { Temporal } from 'temporal-polyfill';
import { timesOf } from './occurrences.ts';
import { readableIn, resolveWall } from './wall.ts';
import type { Window } from './window.ts';

/** A time of day of a rule that clocks never show on some date, or show twice. */
export type ClockChange = {
  readonly kind: 'gap' | 'overlap';
  /** `YYYY-MM-DD`. */
  readonly date: string;
  /** `HH:MM`. */
  readonly time: string;
};

const HORIZON_DAYS = 400;

/** Where the next changes of clocks touch a window: skipped in a gap, once, the first time, in an overlap. */
export function clockChanges(window: Window, now: number): readonly ClockChange[] {
  if (window.rule.kind === 'sky') return [];
  const { timeZone, firstDate, lastDate } = window;
  const times = timesOf(window);
  const found: ClockChange[] = [];
  let at = Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(timeZone);
  const end = at.add({ days: HORIZON_DAYS });
  for (;;) {
    const change = at.getTimeZoneTransition('next');
    if (!change || Temporal.ZonedDateTime.compare(change, end) > 0) return found;
    // The change itself, and the day before, which an overlap at midnight reaches back into.
    for (const date of [change.toPlainDate().subtract({ days: 1 }), change.toPlainDate()]) {
      const iso = date.toString();
      if ((firstDate && iso < firstDate) || (lastDate && iso > lastDate)) continue;
      for (const time of times(date)) {
        const { kind } = resolveWall(date.toPlainDateTime(time), timeZone);
        if (kind !== 'exact')
          found.push({ kind, date: iso, time: time.toString({ smallestUnit: 'minute' }) });
      }
    }
    at = change;
  }
}

/** The date and time of a one-off rule, against the clocks of its zone. */
export const resolveOnce = (at: string, timeZone: string) =>
  resolveWall(Temporal.PlainDateTime.from(at), timeZone);

/** `YYYY-MM-DDTHH:MM` of an instant in a zone. */
export const wallIn = (timeZone: string, epochMs: number): string =>
  Temporal.Instant.fromEpochMilliseconds(epochMs)
    .toZonedDateTimeISO(timeZone)
    .toPlainDateTime()
    .toString({ smallestUnit: 'minute' });

/** One sentence for people. */
export function describeClockChange({ kind, date, time }: ClockChange): string {
  return kind === 'gap'
    ? `${time} does not exist on ${date} (clocks go forward): no broadcast that day`
    : `${time} comes twice on ${date} (clocks go back): the first is taken`;
}

/** Both clocks of an instant: the window's, and UTC's. */
export const bothClocks = (timeZone: string, epochMs: number): string => {
  const utc = `${readableIn('UTC', epochMs)} UTC`;
  return timeZone === 'UTC' ? utc : `${readableIn(timeZone, epochMs)} ${timeZone} (${utc})`;
};
