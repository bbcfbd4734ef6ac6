import { expect, test } from '@jest/globals';
import { stationZone, zoneAt, zonesOf } from '../../../web/published/station-zone.ts';
import { type WovenDay, weekOf, weeks, wovenDays } from '../../../web/published/week.ts';
import { rollLayout } from '../../../web/roll/layout.ts';
import { AT_REST, placeOf, progressAt } from '../../../web/roll/week.ts';

const entry = (id: string, more: object = {}) => ({ id, weave: 'abc', heard: 3, ...more });

test('of the index only what is a day is taken, and what it does not say is unknown', () => {
  const days = wovenDays({
    performances: [
      entry('2026-11-21'),
      entry('2026-11-20', { heard: 0 }),
      { id: '2026-11-19' },
      entry('../../x'),
      null,
      7,
    ],
  });
  expect([...days.values()]).toEqual([
    { date: '2026-11-21', weave: 'abc', heard: 3 },
    { date: '2026-11-20', weave: 'abc', heard: 0 },
    { date: '2026-11-19', weave: '', heard: null },
  ]);
  for (const nonsense of [null, 7, 'x', {}, { performances: 'x' }]) expect(wovenDays(nonsense).size).toBe(0);
});

test('a week goes from Monday to Sunday; a day without a performance is a gap', () => {
  const days = wovenDays({ performances: [entry('2026-11-16'), entry('2026-11-22'), entry('2026-11-23')] });
  const datesOf = (week: readonly WovenDay[]) => week.map(({ date }) => date.slice(5));
  expect(datesOf(weekOf('2026-11-22', days))).toEqual([
    '11-16',
    '11-17',
    '11-18',
    '11-19',
    '11-20',
    '11-21',
    '11-22',
  ]);
  expect(weekOf('2026-11-22', days).map(({ weave }) => weave !== null)).toEqual([
    true,
    false,
    false,
    false,
    false,
    false,
    true,
  ]);
  expect(datesOf(weekOf('2026-01-01', days))[0]).toBe('12-29');
  expect(weekOf('replay', days)).toEqual([]);
});

test('the index is asked when a day is named, and again until the day is in it', async () => {
  const asked: string[] = [];
  const waiting: (() => void)[] = [];
  const indices = [{ performances: [] }, null, { performances: [entry('2026-11-21')] }];
  const { daysOf } = weeks({
    async fetch(path) {
      asked.push(path);
      const index = indices[asked.length - 1];
      if (!index) throw new Error('404');
      return index;
    },
    later: (task) => waiting.push(task),
  });
  expect(asked).toEqual([]);
  expect(daysOf('2026-11-21')).toHaveLength(7);
  const settled = () => new Promise((resolve) => setTimeout(resolve));
  for (let i = 0; i < 5; i++) {
    await settled();
    waiting.shift()?.();
  }
  expect(asked).toEqual(['/index.json', '/index.json', '/index.json']);
  expect(daysOf('2026-11-21')[5]).toEqual({ date: '2026-11-21', weave: 'abc', heard: 3 });
  expect(daysOf('2026-11-21')).toBe(daysOf('2026-11-21'));
});

test('the newest day’s strip is asked for a moment later, once', async () => {
  let asked = 0;
  const waiting: (() => void)[] = [];
  const { lastWeave } = weeks({
    async fetch() {
      asked++;
      return {
        performances: [entry('2026-11-20', { weave: 'old' }), entry('2026-11-21', { weave: 'new' })],
      };
    },
    later: (task) => waiting.push(task),
  });
  expect([lastWeave(), lastWeave(), asked, waiting.length]).toEqual(['', '', 0, 1]);
  waiting[0]!();
  await new Promise((resolve) => setTimeout(resolve));
  expect([lastWeave(), asked, waiting.length]).toEqual(['new', 1, 1]);
});

test('the roll is on its way for 1.6 s, taped to the next a second later; without motion it is there at once', () => {
  expect([-5, 0, 800, 1_600, 2_100, 2_600, 99_999].map((ms) => progressAt(ms, false))).toEqual([
    0,
    0,
    0.5,
    1,
    1.5,
    AT_REST,
    AT_REST,
  ]);
  expect(progressAt(0, true)).toBe(AT_REST);
});

test.each([
  ['wide', 1_280, 430],
  ['narrow', 390, 450],
])('the days of a week lie side by side within a %s strip', (_name, width, height) => {
  const layout = rollLayout(width, height);
  const places = Array.from({ length: 7 }, (_, day) => placeOf(layout, day));
  places.slice(1).forEach((place, i) => {
    expect(place.x).toBeCloseTo(places[i]!.x + places[i]!.width, 9);
  });
  expect(places[0]!.x).toBeGreaterThanOrEqual(20);
  expect(places[6]!.x + places[6]!.width).toBeLessThanOrEqual(width - 20 + 1e-9);
  expect(places[0]!.y + places[0]!.height).toBeLessThan(height / 2);
});

const schedule = (...entries: unknown[]) => ({ schema: 1, broadcasts: entries });

test('the zone of a broadcast is that of its entry, else that of the next; nonsense is left out', () => {
  const zones = zonesOf(
    schedule(
      { startsAt: 5, timeZone: 'Nowhere/Land' },
      { startsAt: 'x', timeZone: 'Europe/Rome' },
      { startsAt: 7, timeZone: 'Europe/Berlin' },
      { startsAt: 9, timeZone: 'Asia/Tokyo' },
    ),
  );
  expect([zoneAt(zones, 9), zoneAt(zones, 7), zoneAt(zones, 5)]).toEqual([
    'Asia/Tokyo',
    'Europe/Berlin',
    'Europe/Berlin',
  ]);
  for (const nonsense of [null, [], 'x', schedule(null, 3)]) expect(zoneAt(zonesOf(nonsense), 1)).toBeNull();
});

test('the schedule is asked once it matters, and for an unknown broadcast every ten minutes at most', async () => {
  let now = 1_000;
  let asked = 0;
  let told = 0;
  const zoneOf = stationZone({
    async fetch() {
      asked++;
      if (asked === 1) throw new Error('offline');
      return schedule({ startsAt: 7, timeZone: 'Europe/Berlin' });
    },
    now: () => now,
    onZone: () => told++,
  });
  const settled = () => new Promise((resolve) => setTimeout(resolve));
  expect(zoneOf(null)).toBeNull();
  expect([zoneOf(7), zoneOf(7), asked]).toEqual([null, null, 1]);
  await settled();
  now += 600_001;
  zoneOf(7);
  await settled();
  expect([zoneOf(7), asked, told]).toEqual(['Europe/Berlin', 2, 1]);
  now += 600_001;
  zoneOf(7);
  expect(asked).toBe(2);
  // An operator's "now" is in no schedule.
  expect(zoneOf(8)).toBe('Europe/Berlin');
  expect(asked).toBe(3);
});
