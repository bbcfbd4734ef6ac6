import { expect, test } from '@jest/globals';
import { stationZone, zoneAt, zonesOf } from '../../../web/published/station-zone.ts';

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
