import { expect, test } from '@jest/globals';
import { countdownText, dateText, dayAndTime, minutesText, zoneText } from '../../web/words.ts';

const at = (iso: string): number => Date.parse(iso);
const BERLIN = 'Europe/Berlin';

test('a performance is announced by day and time in the visitor’s zone, with UTC beside it', () => {
  const now = at('2026-11-21T05:00:00Z');
  expect(dayAndTime(at('2026-11-21T19:00:00Z'), now, BERLIN)).toBe('Tonight 20:00');
  expect(zoneText(at('2026-11-21T19:00:00Z'), BERLIN)).toBe('your time (19:00 UTC)');
  expect(dayAndTime(at('2026-11-21T12:30:00Z'), now, BERLIN)).toBe('Today 13:30');
  expect(dayAndTime(at('2026-11-21T19:00:00Z'), now, 'Asia/Tokyo')).toBe('Tomorrow 04:00');
  expect(dayAndTime(at('2026-11-23T19:00:00Z'), now, BERLIN)).toBe('Monday 20:00');
  expect(dayAndTime(at('2026-12-24T19:00:00Z'), now, BERLIN)).toBe('24 December 20:00');
  expect(zoneText(at('2026-11-21T19:00:00Z'), 'UTC')).toBe('your time (UTC)');
});

test('the day is counted by dates, not by 24 hours, also over a change to winter time', () => {
  // 25 October 2026 has 25 hours in Berlin.
  expect(dayAndTime(at('2026-10-25T22:30:00Z'), at('2026-10-24T22:30:00Z'), BERLIN)).toBe('Tonight 23:30');
  expect(dayAndTime(at('2026-10-25T23:30:00Z'), at('2026-10-25T22:30:00Z'), BERLIN)).toBe('Tomorrow 00:30');
});

test('a countdown is coarse from afar and exact in the last hour', () => {
  expect(countdownText(3 * 86_400_000)).toBe('in 3 days 0 h');
  expect(countdownText(47 * 3_600_000)).toBe('in 47 h 0 min');
  expect(countdownText(6 * 3_600_000 + 12 * 60_000)).toBe('in 6 h 12 min');
  expect(countdownText(751_000)).toBe('12:31');
  expect(countdownText(500)).toBe('0:01');
  expect(countdownText(-1)).toBe('0:00');
});

test('elapsed time counts whole seconds, dates are spelt out', () => {
  expect(minutesText(83_999)).toBe('1:23');
  expect(dateText('2026-11-21')).toBe('21 November 2026');
  expect(dateText('replay')).toBe('replay');
});
