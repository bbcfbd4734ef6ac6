import { Temporal } from 'temporal-polyfill';
import { type Cron, parseCron } from './cron.ts';
import { nextSkyEvent } from './sky.ts';
import { firesAt, isoIn, plainDateIn } from './wall.ts';
import type { Window } from './window.ts';

/** One coming broadcast of a window. */
export type Occurrence = {
  /** The window's id. */
  readonly window: string;
  /** T0, epoch milliseconds. */
  readonly startsAt: number;
  /** ISO 8601 with the offset that the window's zone has then. */
  readonly local: string;
  readonly timeZone: string;
};

/** A 29 February may be eight years away (1896 to 1904, 2096 to 2104); beyond that nothing comes any more. */
const LONGEST_WAIT_DAYS = 366 * 8 + 2;

/** The occurrences of a window after an instant (not at it), ascending; found as they are asked for. */
export function* occurrences(window: Window, after: number): Generator<Occurrence> {
  for (const startsAt of instants(window, after)) {
    const { id, timeZone } = window;
    yield { window: id, startsAt, local: isoIn(timeZone, startsAt), timeZone };
  }
}

/** Whether a window has a broadcast at just this instant. */
export const startsThen = (window: Window, startsAt: number): boolean =>
  occurrences(window, startsAt - 1).next().value?.startsAt === startsAt;

function* instants(window: Window, after: number): Generator<number> {
  if (window.rule.kind === 'sky') yield* skyInstants(window, after);
  else yield* wallInstants(window, after);
}

/** By the clocks of the zone: day by day, each day's times of day in order. */
function* wallInstants(window: Window, after: number): Generator<number> {
  const { timeZone, firstDate, lastDate, rule } = window;
  const times = timesOf(window);
  const only = rule.kind === 'once' ? rule.at.slice(0, 10) : null;
  const last = earliest(only, lastDate);
  let date = latest(latest(plainDateIn(timeZone, after), firstDate), only);
  for (let idle = 0; idle < LONGEST_WAIT_DAYS; idle++) {
    if (last && Temporal.PlainDate.compare(date, last) > 0) return;
    const found = times(date)
      .map((time) => firesAt(date.toPlainDateTime(time), timeZone))
      .filter((at) => at !== null)
      .filter((at) => at > after)
      // Where clocks change, a later time of day need not be a later instant.
      .sort((a, b) => a - b);
    for (const at of found) {
      idle = 0;
      yield at;
    }
    date = date.add({ days: 1 });
  }
}

/** The times of day at which a rule fires on a date. */
export function timesOf({ rule }: Window): (date: Temporal.PlainDate) => readonly Temporal.PlainTime[] {
  if (rule.kind === 'once') {
    const at = Temporal.PlainDateTime.from(rule.at);
    return (date) => (date.equals(at.toPlainDate()) ? [at.toPlainTime()] : []);
  }
  if (rule.kind === 'daily') {
    const time = [Temporal.PlainTime.from(rule.at)];
    return (date) => (rule.days.includes(date.dayOfWeek) ? time : []);
  }
  if (rule.kind === 'cron') {
    const cron = parseCron(rule.expression);
    if ('problem' in cron) throw new RangeError(`"${rule.expression}": ${cron.problem}`);
    const times = cronTimes(cron);
    return (date) =>
      cron.onDate({ day: date.day, month: date.month, weekday: date.dayOfWeek }) ? times : [];
  }
  throw new RangeError(`a rule by the ${rule.kind} has no time of day`);
}

const cronTimes = ({ hours, minutes }: Cron): readonly Temporal.PlainTime[] =>
  hours.flatMap((hour) => minutes.map((minute) => Temporal.PlainTime.from({ hour, minute })));

function* skyInstants(window: Window, after: number): Generator<number> {
  const { rule, timeZone, firstDate, lastDate } = window;
  if (rule.kind !== 'sky') return;
  const startOf = (date: string, days: number): number =>
    Temporal.PlainDate.from(date).add({ days }).toZonedDateTime({ timeZone }).epochMilliseconds;
  const end = lastDate === null ? Number.POSITIVE_INFINITY : startOf(lastDate, 1);
  let from = firstDate === null ? after : Math.max(after, startOf(firstDate, 0) - 1);
  for (;;) {
    const at = nextSkyEvent(rule.event, rule, from);
    if (at === null || at >= end) return;
    yield at;
    from = at;
  }
}

function latest(date: Temporal.PlainDate, other: string | null): Temporal.PlainDate {
  if (other === null) return date;
  const parsed = Temporal.PlainDate.from(other);
  return Temporal.PlainDate.compare(date, parsed) >= 0 ? date : parsed;
}

/** ISO dates order as text. */
function earliest(a: string | null, b: string | null): Temporal.PlainDate | null {
  const first = a === null ? b : b === null || a < b ? a : b;
  return first === null ? null : Temporal.PlainDate.from(first);
}
