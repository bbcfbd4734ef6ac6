import { expect, test } from '@jest/globals';
import { DateTime } from 'luxon';
import { occurrences } from '../../src/schedule/occurrences.ts';
import { upcoming } from '../../src/schedule/upcoming.ts';
import type { Window } from '../../src/schedule/window.ts';
import { aWindow, EVERY_DAY } from '../support/windows.ts';

/**
 * The same occurrences worked out another way, by another library: every date of the span in turn, its wall-clock
 * time by luxon; skipped where the clocks of the zone never show it, the earlier where they show it twice.
 */
function byLuxon(at: string, zone: string, from: string, dates: number, days = EVERY_DAY): number[] {
  const [hour, minute] = at.split(':').map(Number) as [number, number];
  const found: number[] = [];
  for (let i = 0; i < dates; i++) {
    const date = DateTime.fromISO(from, { zone: 'UTC' }).plus({ days: i });
    if (!days.includes(date.weekday)) continue;
    const wall = { year: date.year, month: date.month, day: date.day, hour, minute };
    const [first] = DateTime.fromObject(wall, { zone })
      .getPossibleOffsets()
      .filter((candidate) => candidate.hour === hour && candidate.minute === minute)
      .map((candidate) => candidate.toMillis())
      .sort((a, b) => a - b);
    if (first !== undefined) found.push(first);
  }
  return found;
}

const FROM = '2026-11-21';
const AFTER = Date.parse('2026-11-20T00:00Z');
const starts = (window: Window, n: number, after = AFTER): number[] => {
  const found: number[] = [];
  for (const { startsAt } of occurrences(window, after)) {
    if (found.push(startsAt) === n) break;
  }
  return found;
};

/** Times inside the gaps and overlaps of these zones, and everyday ones. Casablanca changes clocks at Ramadan. */
const CASES: readonly [string, string][] = [
  ['Europe/Berlin', '20:00'],
  ['Europe/Berlin', '02:30'],
  ['America/New_York', '20:00'],
  ['America/New_York', '02:30'],
  ['America/New_York', '01:30'],
  ['Asia/Kolkata', '20:00'],
  ['Australia/Lord_Howe', '20:00'],
  ['Australia/Lord_Howe', '02:15'],
  ['Australia/Lord_Howe', '01:45'],
  ['Africa/Casablanca', '20:00'],
  ['Africa/Casablanca', '02:30'],
  ['Pacific/Apia', '20:00'],
  ['Pacific/Apia', '03:30'],
];

test.each(CASES)('400 occurrences in %s at %s are those that luxon finds', (timeZone, at) => {
  const window = aWindow({ rule: { kind: 'daily', at, days: EVERY_DAY }, timeZone, firstDate: FROM });
  expect(starts(window, 400)).toEqual(byLuxon(at, timeZone, FROM, 410).slice(0, 400));
});

test('400 occurrences of six windows in six zones, merged, are those that luxon finds', () => {
  const zones = [...new Set(CASES.map(([zone]) => zone))];
  const windows = zones.map((timeZone, i) =>
    aWindow({
      id: `w${i}`,
      rule: { kind: 'daily', at: `0${i}:30`, days: EVERY_DAY },
      timeZone,
      firstDate: FROM,
    }),
  );
  const expected = zones
    .flatMap((zone, i) =>
      byLuxon(`0${i}:30`, zone, FROM, 100).map((startsAt) => ({ window: `w${i}`, startsAt })),
    )
    .sort((a, b) => a.startsAt - b.startsAt)
    .slice(0, 400);
  const found: { window: string; startsAt: number }[] = [];
  for (const { window, startsAt } of upcoming(windows, AFTER)) {
    if (found.push({ window, startsAt }) === 400) break;
  }
  expect(found).toEqual(expected);
});

test('weekdays are those of the zone', () => {
  const days = [5, 7];
  const timeZone = 'Pacific/Apia';
  const window = aWindow({ rule: { kind: 'daily', at: '00:30', days }, timeZone, firstDate: FROM });
  expect(starts(window, 60)).toEqual(byLuxon('00:30', timeZone, FROM, 300, days).slice(0, 60));
});

test('a time in the spring gap is left out that day, and no other', () => {
  const window = aWindow({
    rule: { kind: 'daily', at: '02:30', days: EVERY_DAY },
    timeZone: 'Europe/Berlin',
  });
  const dates = [...take(occurrences(window, Date.parse('2027-03-26T12:00Z')), 3)].map(({ local }) => local);
  expect(dates).toEqual([
    '2027-03-27T02:30:00+01:00',
    '2027-03-29T02:30:00+02:00',
    '2027-03-30T02:30:00+02:00',
  ]);
});

test('a time in the autumn overlap comes once, the first time', () => {
  const window = aWindow({
    rule: { kind: 'daily', at: '02:30', days: EVERY_DAY },
    timeZone: 'Europe/Berlin',
  });
  const dates = [...take(occurrences(window, Date.parse('2027-10-30T12:00Z')), 2)].map(({ local }) => local);
  expect(dates).toEqual(['2027-10-31T02:30:00+02:00', '2027-11-01T02:30:00+01:00']);
});

test('first and last date are included, and bound every kind of rule', () => {
  const span = { firstDate: '2026-12-01', lastDate: '2026-12-03', timeZone: 'Asia/Kolkata' };
  const daily = aWindow({ ...span, rule: { kind: 'daily', at: '00:00', days: EVERY_DAY } });
  expect([...occurrences(daily, AFTER)].map(({ local }) => local.slice(0, 10))).toEqual([
    '2026-12-01',
    '2026-12-02',
    '2026-12-03',
  ]);
  const sunset = aWindow({
    ...span,
    rule: { kind: 'sky', event: 'sunset', latitude: 19.08, longitude: 72.88 },
  });
  expect([...occurrences(sunset, AFTER)]).toHaveLength(3);
  const moon = aWindow({ ...span, rule: { kind: 'sky', event: 'full-moon', latitude: 0, longitude: 0 } });
  expect([...occurrences(moon, AFTER)]).toEqual([]);
});

test('a one-off window comes once, and never after', () => {
  const once = aWindow({ rule: { kind: 'once', at: '2026-12-24T18:00' }, timeZone: 'America/New_York' });
  expect([...occurrences(once, AFTER)].map(({ startsAt }) => startsAt)).toEqual([
    Date.parse('2026-12-24T23:00Z'),
  ]);
  expect([...occurrences(once, Date.parse('2026-12-24T23:00Z'))]).toEqual([]);
});

test('a leap day comes every four years', () => {
  const leap = aWindow({ rule: { kind: 'cron', expression: '0 20 29 2 *' }, timeZone: 'UTC' });
  expect([...take(occurrences(leap, AFTER), 2)].map(({ local }) => local.slice(0, 10))).toEqual([
    '2028-02-29',
    '2032-02-29',
  ]);
});

function* take<T>(items: Iterable<T>, n: number): Generator<T> {
  for (const item of items) {
    if (n-- <= 0) return;
    yield item;
  }
}
