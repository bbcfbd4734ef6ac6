import { Temporal } from 'temporal-polyfill';
import * as v from 'valibot';
import { parseCron } from './cron.ts';
import { isTimeZone } from './zones.ts';

/** The sky events that a window may follow. Moon phases are instants for the whole earth; the place matters to the sun. */
export const SKY_EVENTS = ['sunset', 'sunrise', 'full-moon', 'new-moon'] as const;
export type SkyEvent = (typeof SKY_EVENTS)[number];

/** ISO 8601: 1 is Monday, 7 is Sunday. */
export const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;

/**
 * Longest broadcast that a window may allow, minutes. On AWS each broadcaster hands over to the next before its quarter of an hour is
 * over, and Lambda ends a chain of functions that call one another after about sixteen ("recursive loop detection"): these are fourteen, and a helper.
 */
export const LONGEST_LIMIT_MINUTES = 180;
export const DEFAULT_LIMIT_MINUTES = 15;
/** Doors open, listeners gather and the day's performance must be there, this long before T0; milliseconds. */
export const DOORS_MS = 5 * 60_000;
/** Priorities lie between this and its negative. */
export const HIGHEST_PRIORITY = 9;

const isDate = (text: string): boolean => {
  try {
    return Temporal.PlainDate.from(text, { overflow: 'reject' }).toString() === text;
  } catch {
    return false;
  }
};
const DATE = v.pipe(v.string(), v.isoDate(), v.check(isDate, 'not a date of the calendar'));
const TIME_OF_DAY = v.pipe(v.string(), v.regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'not a time of day HH:MM'));

const rule = v.variant('kind', [
  /** `at`: the date and time that the clocks of the zone show, `YYYY-MM-DDTHH:MM`. */
  v.object({
    kind: v.literal('once'),
    at: v.pipe(
      v.string(),
      v.regex(/^\d{4}-\d{2}-\d{2}T([01]\d|2[0-3]):[0-5]\d$/, 'not a date and time YYYY-MM-DDTHH:MM'),
      v.check((at) => isDate(at.slice(0, 10)), 'not a date of the calendar'),
    ),
  }),
  /** On these days of the week (1 is Monday), all seven for every day. */
  v.object({
    kind: v.literal('daily'),
    at: TIME_OF_DAY,
    days: v.pipe(
      v.array(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(7))),
      v.minLength(1),
      v.check((days) => new Set(days).size === days.length, 'a weekday is named twice'),
    ),
  }),
  /** Five fields: minute, hour, day of month, month, day of week. */
  v.object({
    kind: v.literal('cron'),
    expression: v.pipe(
      v.string(),
      v.check((text) => !('problem' in parseCron(text)), 'not a cron expression'),
    ),
  }),
  v.object({
    kind: v.literal('sky'),
    event: v.picklist(SKY_EVENTS),
    /** Degrees north. */
    latitude: v.pipe(v.number(), v.minValue(-90), v.maxValue(90)),
    /** Degrees east. */
    longitude: v.pipe(v.number(), v.minValue(-180), v.maxValue(180)),
  }),
]);
export type Rule = v.InferOutput<typeof rule>;

const window = v.object({
  schema: v.literal(1),
  /** Never used again after it was removed, for a broadcast is named after its window and T0. */
  id: v.pipe(v.string(), v.regex(/^[a-z0-9][a-z0-9-]{0,39}$/)),
  title: v.pipe(v.string(), v.maxLength(100)),
  rule,
  /** IANA name; `rule` and the dates are read on this zone's clocks. */
  timeZone: v.pipe(v.string(), v.check(isTimeZone, 'not an IANA time zone')),
  /** The broadcast is over after so many minutes, whatever is left of the music. */
  limitMinutes: v.pipe(v.number(), v.minValue(1), v.maxValue(LONGEST_LIMIT_MINUTES)),
  /** First and last date on which it may start, both included. */
  firstDate: v.nullable(DATE),
  lastDate: v.nullable(DATE),
  /** The performance of the day, or one fixed day's. */
  performance: v.union([v.literal('today'), DATE]),
  /** Where two windows' broadcasts would meet, that of the lower priority is left out. Windows stored without one have 0. */
  priority: v.optional(
    v.pipe(v.number(), v.integer(), v.minValue(-HIGHEST_PRIORITY), v.maxValue(HIGHEST_PRIORITY)),
    0,
  ),
});

/** An operator's rule for when to broadcast. */
export type Window = v.InferOutput<typeof window>;

/** A stored window is read back through this: a store may have been written by hand, or by a later version. */
export function parseWindow(value: unknown): Window | { readonly problem: string } {
  const parsed = v.safeParse(window, value);
  if (parsed.success) return parsed.output;
  const issue = parsed.issues[0];
  return { problem: `"${v.getDotPath(issue) ?? 'it'}": ${issue.message}` };
}
