import { Temporal } from 'temporal-polyfill';

/** The daily window that a station has until an operator stores one. */
export const DEFAULT_TIME_OF_DAY = '20:00';

/** The zone of this machine, an IANA name. */
export const localTimeZone = (): string => Temporal.Now.timeZoneId();

/** The date (`YYYY-MM-DD`) that an instant has in a zone: the id of a performance that starts then. */
export const dateIn = (timeZone: string, epochMs: number): string =>
  Temporal.Instant.fromEpochMilliseconds(epochMs).toZonedDateTimeISO(timeZone).toPlainDate().toString();

/**
 * The first instant after `after` at which the clocks of a zone show `timeOfDay` (`HH:MM`). In a spring gap the
 * time that would have been, an hour later by the clock; in an autumn overlap the first of the two.
 */
export function nextDaily(timeOfDay: string, timeZone: string, after: number): number {
  const time = Temporal.PlainTime.from(timeOfDay);
  const today = Temporal.Instant.fromEpochMilliseconds(after).toZonedDateTimeISO(timeZone).toPlainDate();
  for (let days = 0; ; days++) {
    const start = today.add({ days }).toZonedDateTime({ timeZone, plainTime: time }).epochMilliseconds;
    if (start > after) return start;
  }
}

/** ISO 8601 with the zone's offset, to the second. */
export const isoIn = (timeZone: string, epochMs: number): string =>
  Temporal.Instant.fromEpochMilliseconds(epochMs)
    .toZonedDateTimeISO(timeZone)
    .toString({ timeZoneName: 'never', smallestUnit: 'second' });
