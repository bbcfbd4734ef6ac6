import { expect, test } from '@jest/globals';
import { nextSkyEvent } from '../../src/schedule/sky.ts';
import type { SkyEvent } from '../../src/schedule/window.ts';
import { SKY_EVENTS } from '../../src/schedule/window.ts';

/**
 * Published by the Astronomical Applications Department of the U.S. Naval Observatory: "Rise and Set for the Sun" for
 * one year (aa.usno.navy.mil/data/RS_OneYear), rounded to the minute, here in Universal Time. Latitude, longitude,
 * sunrise, and the sunset that follows it.
 */
const SUN: readonly [string, number, number, string, string][] = [
  ['60° N on the prime meridian, equinox', 60, 0, '2019-03-20T06:03Z', '2019-03-20T18:14Z'],
  ['60° N on the prime meridian, solstice', 60, 0, '2019-06-21T02:36Z', '2019-06-21T21:28Z'],
  ['29° N in Florida', 29, -81, '2019-11-03T11:38Z', '2019-11-03T22:37Z'],
  ['60° S in the Pacific, winter', -60, -150, '2019-06-21T19:06Z', '2019-06-22T00:58Z'],
  ['60° S in the Pacific, summer', -60, -150, '2019-12-22T12:32Z', '2019-12-23T07:24Z'],
  ['15° N in India', 15, 75, '1750-09-10T00:48Z', '1750-09-10T13:05Z'],
  ['88° S', -88, 45, '2022-09-20T03:28Z', '2022-09-20T14:40Z'],
  ['89° N', 89, 30, '2022-03-18T04:40Z', '2022-03-18T16:21Z'],
  ['Fredonia, Arizona, winter', 36 + 57 / 60, -(112 + 31 / 60), '2023-01-01T14:43Z', '2023-01-02T00:24Z'],
  ['Fredonia, Arizona, summer', 36 + 57 / 60, -(112 + 31 / 60), '2023-07-15T12:22Z', '2023-07-16T02:49Z'],
  ['San Francisco, spring', 37 + 46 / 60, -(122 + 26 / 60), '2012-04-10T13:41Z', '2012-04-11T02:41Z'],
  ['San Francisco, autumn', 37 + 46 / 60, -(122 + 26 / 60), '2012-10-20T14:24Z', '2012-10-21T01:25Z'],
  ['Cupertino, California', 37 + 24 / 60, -(121 + 55 / 60), '2008-08-01T13:12Z', '2008-08-02T03:15Z'],
  ['Toronto', 43 + 40 / 60, -(79 + 25 / 60), '2001-04-15T10:35Z', '2001-04-16T00:01Z'],
];

/** Phases of the moon in Universal Time, published by the same department (api.usno.navy.mil/moon/phase). */
const MOON: readonly [SkyEvent, string][] = [
  ['full-moon', '2010-01-30T06:18Z'],
  ['full-moon', '2020-01-10T19:21Z'],
  ['full-moon', '2020-04-08T02:35Z'],
  ['full-moon', '2020-07-05T04:44Z'],
  ['full-moon', '2020-08-03T15:59Z'],
  ['full-moon', '2020-10-01T21:05Z'],
  ['full-moon', '2020-10-31T14:49Z'],
  ['full-moon', '2020-12-30T03:28Z'],
  ['full-moon', '2050-01-08T01:39Z'],
  ['full-moon', '2050-06-05T09:51Z'],
  ['full-moon', '2050-11-28T15:09Z'],
  ['new-moon', '2010-07-11T19:40Z'],
  ['new-moon', '2020-06-21T06:41Z'],
  ['new-moon', '2050-02-21T15:03Z'],
];

/** Published to the minute, so half a minute of the difference may be rounding. */
const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;

test.each(SUN)('the sun rises and sets as published: %s', (_, latitude, longitude, rise, set) => {
  const before = Date.parse(rise) - 2 * HOUR_MS;
  const sunrise = nextSkyEvent('sunrise', { latitude, longitude }, before)!;
  const sunset = nextSkyEvent('sunset', { latitude, longitude }, sunrise)!;
  expect(Math.abs(sunrise - Date.parse(rise))).toBeLessThanOrEqual(MINUTE_MS);
  expect(Math.abs(sunset - Date.parse(set))).toBeLessThanOrEqual(MINUTE_MS);
});

test.each(MOON)('the moon is as published: %s %s', (phase, published) => {
  const found = nextSkyEvent(phase, { latitude: 0, longitude: 0 }, Date.parse(published) - 86_400_000)!;
  expect(Math.abs(found - Date.parse(published))).toBeLessThanOrEqual(HOUR_MS);
});

test('each event comes once: after an event the next one is found, not itself', () => {
  const place = { latitude: 52.52, longitude: 13.4 };
  let at = Date.parse('2026-11-21T00:00Z');
  for (let i = 0; i < 40; i++) {
    const next = nextSkyEvent('sunset', place, at)!;
    expect(next).toBeGreaterThan(at);
    expect(nextSkyEvent('sunset', place, next - 1)).toBe(next);
    expect(next - at).toBeLessThan(25 * HOUR_MS);
    at = next;
  }
});

test('beyond the polar circle the next sunset may be months away', () => {
  const tromsoe = { latitude: 69.65, longitude: 18.96 };
  const found = nextSkyEvent('sunset', tromsoe, Date.parse('2026-12-10T00:00Z'))!;
  expect(new Date(found).toISOString().slice(0, 7)).toBe('2027-01');
});

test('an event is at the same second wherever one looks from, for a broadcast is named after it', () => {
  const place = { latitude: 52.5, longitude: 13.4 };
  for (const event of SKY_EVENTS) {
    let at = Date.UTC(2027, 4, 1);
    for (let n = 0; n < 13; n++) {
      const from = at;
      at = nextSkyEvent(event, place, from)!;
      for (const before of [1, 999, 60_000, 3_599_999, 7_200_000])
        expect([event, n, before, nextSkyEvent(event, place, at - before)]).toEqual([event, n, before, at]);
    }
  }
});
