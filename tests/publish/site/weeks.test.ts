import { expect, test } from '@jest/globals';
import { isoWeek, weeksOf } from '../../../src/publish/site/weeks.ts';

test.each([
  ['2026-11-21', 'W47'],
  ['2026-01-01', 'W01'],
  ['2026-12-31', 'W53'],
  ['2027-01-03', 'W53'],
  ['2027-01-04', 'W01'],
  ['2024-12-30', 'W01'],
  ['2023-01-01', 'W52'],
])('%s lies in ISO week %s', (date, week) => {
  expect(isoWeek(date)).toBe(week);
});

test('weeks go from Monday to Sunday, newest first, and keep to their year', () => {
  const weeks = weeksOf('2027-01-02', '2027-01-12');
  expect(weeks.map(({ label }) => label)).toEqual(['W02', 'W01', 'W53']);
  expect(weeks[0]!.dates[0]).toBe('2027-01-11');
  expect(weeks[0]!.dates[6]).toBe('2027-01-17');
  expect(weeks[2]!.dates).toEqual([null, null, null, null, '2027-01-01', '2027-01-02', '2027-01-03']);
});

test('a year has its 53 or 54 rows, clock changes and leap days included', () => {
  expect(weeksOf('2026-01-01', '2026-12-31')).toHaveLength(53);
  expect(weeksOf('2028-01-01', '2028-12-31')).toHaveLength(53);
  const dates = weeksOf('2028-01-01', '2028-12-31').flatMap((week) => week.dates.filter(Boolean));
  expect(new Set(dates).size).toBe(366);
});
