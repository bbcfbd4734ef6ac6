import { Body, Observer, SearchMoonPhase, SearchRiseSet } from 'astronomy-engine';
import type { SkyEvent } from './window.ts';

/** Ecliptic longitude of the moon beyond the sun's, degrees. */
const PHASE = { 'new-moon': 0, 'full-moon': 180 } as const;
const RISES = { sunrise: +1, sunset: -1 } as const;
/** Within the polar circles the sun stays up, or down, for up to half a year. */
const LONGEST_WAIT_DAYS = 366;
/** A lunation has 29.27 to 29.83 days. */
const LUNATION_DAYS = 31;
const SECOND_MS = 1000;
/** Beyond the search's own error, and far below the distance between two events of a kind. */
const STEP_MS = 60 * SECOND_MS;
const HOUR_MS = 3_600 * SECOND_MS;

export type Place = { readonly latitude: number; readonly longitude: number };

/**
 * The first such event after an instant, epoch milliseconds, to the whole second; null: not within a year (the poles).
 * Sunrise and sunset are the almanacs': the sun's upper limb on a level horizon, refraction 34′ (at sea level).
 */
export function nextSkyEvent(event: SkyEvent, { latitude, longitude }: Place, after: number): number | null {
  const search = (from: number): number | null => {
    const found =
      event === 'sunrise' || event === 'sunset'
        ? SearchRiseSet(
            Body.Sun,
            new Observer(latitude, longitude, 0),
            RISES[event],
            new Date(from),
            LONGEST_WAIT_DAYS,
          )
        : SearchMoonPhase(PHASE[event], new Date(from), LUNATION_DAYS);
    return found && Math.round(found.date.getTime() / SECOND_MS) * SECOND_MS;
  };
  // What is found depends, by a second, on where the search begins; a broadcast is named after it. So it is found again
  // from an instant that the event alone decides.
  const find = (from: number): number | null => {
    const near = search(from);
    return near && search((Math.floor(near / HOUR_MS) - 1) * HOUR_MS);
  };
  // Begins a little early, so that rounding can neither lose an event nor give the same one twice.
  let at = find(after - STEP_MS);
  while (at !== null && at <= after) at = find(at + STEP_MS);
  return at;
}
