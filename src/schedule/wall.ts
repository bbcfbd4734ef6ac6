import { Temporal } from 'temporal-polyfill';

/**
 * What the clocks of a zone show, and when. Twice a year the two part: in spring some times of day do not exist
 * (a gap), in autumn some exist twice (an overlap). Gaps are an hour nearly everywhere, half an hour on Lord Howe
 * Island, and once a whole day (Samoa, 30 December 2011).
 */
export type Resolved =
  | { readonly kind: 'exact'; readonly at: number }
  /** `before` is the last minute that exists, `after` the first. */
  | { readonly kind: 'gap'; readonly before: number; readonly after: number }
  | { readonly kind: 'overlap'; readonly at: number; readonly second: number };

const MINUTE_MS = 60_000;

/** The instant of a wall-clock time, epoch milliseconds. */
export function resolveWall(wall: Temporal.PlainDateTime, timeZone: string): Resolved {
  const earlier = wall.toZonedDateTime(timeZone, { disambiguation: 'earlier' });
  const later = wall.toZonedDateTime(timeZone, { disambiguation: 'later' });
  if (earlier.epochMilliseconds === later.epochMilliseconds) {
    return { kind: 'exact', at: earlier.epochMilliseconds };
  }
  if (earlier.toPlainDateTime().equals(wall)) {
    return { kind: 'overlap', at: earlier.epochMilliseconds, second: later.epochMilliseconds };
  }
  // In a gap the two stand on its two sides, so the change of clocks lies between them.
  const change = earlier.getTimeZoneTransition('next')?.epochMilliseconds ?? later.epochMilliseconds;
  return { kind: 'gap', before: change - MINUTE_MS, after: change };
}

/** The instant at which a recurring rule fires, as EventBridge Scheduler has it: never in a gap, once in an overlap, first. */
export function firesAt(wall: Temporal.PlainDateTime, timeZone: string): number | null {
  const resolved = resolveWall(wall, timeZone);
  return resolved.kind === 'gap' ? null : resolved.at;
}

const zoned = (timeZone: string, epochMs: number): Temporal.ZonedDateTime =>
  Temporal.Instant.fromEpochMilliseconds(epochMs).toZonedDateTimeISO(timeZone);

/** The date in a zone, as a Temporal value. */
export const plainDateIn = (timeZone: string, epochMs: number): Temporal.PlainDate =>
  zoned(timeZone, epochMs).toPlainDate();

/** The date (`YYYY-MM-DD`) that an instant has in a zone: the id of a performance that starts then. */
export const dateIn = (timeZone: string, epochMs: number): string =>
  plainDateIn(timeZone, epochMs).toString();

/** ISO 8601 with the zone's offset, to the second. */
export const isoIn = (timeZone: string, epochMs: number): string =>
  zoned(timeZone, epochMs).toString({ timeZoneName: 'never', smallestUnit: 'second' });

/** For people: `Sat 2026-11-21 20:00`. */
export function readableIn(timeZone: string, epochMs: number): string {
  const at = zoned(timeZone, epochMs);
  const weekday = at.toLocaleString('en-GB', { weekday: 'short' });
  return `${weekday} ${at.toPlainDate()} ${at.toPlainTime().toString({ smallestUnit: 'minute' })}`;
}
