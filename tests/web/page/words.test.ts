import { expect, test } from '@jest/globals';
import {
  beThereText,
  countdownText,
  dateIn,
  dayAndTime,
  hearText,
  playedText,
  zoneText,
} from '../../../web/page/words.ts';

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

test('the date of an instant is by the clocks of a zone', () => {
  expect(dateIn(at('2026-11-21T23:30:00Z'), BERLIN)).toBe('2026-11-22');
  expect(dateIn(at('2026-03-01T04:30:00Z'), 'America/New_York')).toBe('2026-02-28');
});

test('the station’s time stands beside the visitor’s, once where the clocks agree', () => {
  const evening = at('2026-11-21T19:00:00Z');
  expect(zoneText(evening, 'America/New_York', BERLIN)).toBe('your time (20:00 in Berlin)');
  expect(zoneText(evening, 'Europe/Madrid', BERLIN)).toBe('your time and the station’s');
  expect(zoneText(evening, BERLIN, 'UTC')).toBe('your time (19:00 UTC)');
  expect(zoneText(evening, 'Etc/UTC', 'Europe/London')).toBe('your time and the station’s');
  expect(zoneText(evening, BERLIN, 'America/Argentina/Buenos_Aires')).toBe(
    'your time (16:00 in Buenos Aires)',
  );
  // Its date is another one there.
  expect(zoneText(evening, 'Asia/Tokyo', BERLIN)).toBe('your time (Saturday 20:00 in Berlin)');
  expect(zoneText(evening, BERLIN, 'Pacific/Kiritimati')).toBe('your time (Sunday 09:00 in Kiritimati)');
});

test('an hour that comes twice says which of the two is meant', () => {
  const now = at('2026-10-24T12:00:00Z');
  expect(dayAndTime(at('2026-10-25T00:30:00Z'), now, BERLIN)).toBe('Tomorrow 02:30 GMT+2');
  expect(dayAndTime(at('2026-10-25T01:30:00Z'), now, BERLIN)).toBe('Tomorrow 02:30 GMT+1');
  expect(dayAndTime(at('2026-10-25T02:30:00Z'), now, BERLIN)).toBe('Tomorrow 03:30');
  // Lord Howe Island puts its clocks back by half an hour, on 5 April 2026 at 02:00.
  expect(dayAndTime(at('2026-04-04T14:45:00Z'), at('2026-04-04T02:00:00Z'), 'Australia/Lord_Howe')).toBe(
    'Tomorrow 01:45 GMT+11',
  );
  expect(dayAndTime(at('2026-04-04T15:15:00Z'), at('2026-04-04T02:00:00Z'), 'Australia/Lord_Howe')).toBe(
    'Tomorrow 01:45 GMT+10:30',
  );
});

test.each([
  // The clocks of New York change on 8 March and 1 November 2026, those of Berlin on 29 March and 25 October.
  ['2026-03-07T19:00:00Z', 'America/New_York', BERLIN, 'Saturday 14:00', 'your time (20:00 in Berlin)'],
  ['2026-03-09T19:00:00Z', 'America/New_York', BERLIN, 'Monday 15:00', 'your time (20:00 in Berlin)'],
  ['2026-03-30T18:00:00Z', 'America/New_York', BERLIN, '30 March 14:00', 'your time (20:00 in Berlin)'],
  ['2026-03-28T19:00:00Z', 'Europe/London', BERLIN, '28 March 19:00', 'your time (20:00 in Berlin)'],
  ['2026-03-29T18:00:00Z', 'Europe/London', BERLIN, '29 March 19:00', 'your time (20:00 in Berlin)'],
  // Sydney leaves summer time on 5 April: eleven hours ahead of UTC before, ten after.
  [
    '2026-04-04T18:00:00Z',
    'Australia/Sydney',
    BERLIN,
    '5 April 04:00',
    'your time (Saturday 20:00 in Berlin)',
  ],
  ['2026-04-03T18:00:00Z', 'Australia/Sydney', BERLIN, '4 April 05:00', 'your time (Friday 20:00 in Berlin)'],
  [
    '2026-03-28T19:00:00Z',
    'Asia/Kathmandu',
    'Asia/Kolkata',
    '29 March 00:45',
    'your time (00:30 in Kolkata)',
  ],
])('%s in %s, with a station in %s', (instant, visitor, station, when, whose) => {
  const now = at('2026-03-04T12:00:00Z');
  expect(dayAndTime(at(instant), now, visitor)).toBe(when);
  expect(zoneText(at(instant), visitor, station)).toBe(whose);
});

test('a countdown over a clock change counts the hours that pass', () => {
  // From Saturday 20:00 to Sunday 20:00 in Berlin: 23 hours in spring, 25 in autumn.
  expect(countdownText(at('2026-03-29T18:00:00Z') - at('2026-03-28T19:00:00Z'))).toBe('in 23 h 0 min');
  expect(countdownText(at('2026-10-25T19:00:00Z') - at('2026-10-24T18:00:00Z'))).toBe('in 25 h 0 min');
});

test('one may be there at an hour, which is told as part of a sentence', () => {
  const now = at('2026-11-21T05:00:00Z');
  expect(beThereText(at('2026-11-21T19:00:00Z'), now, BERLIN)).toBe('Be there at 20:00');
  expect(beThereText(at('2026-11-22T19:00:00Z'), now, BERLIN)).toBe('Be there tomorrow at 20:00');
  expect(beThereText(at('2026-11-23T19:00:00Z'), now, BERLIN)).toBe('Be there on Monday at 20:00');
  expect(beThereText(at('2026-12-24T19:00:00Z'), now, BERLIN)).toBe('Be there on 24 December at 20:00');
});

test('what was played is called by how long ago it was, in the visitor’s days', () => {
  const played = { id: '2026-11-21', playedAt: at('2026-11-21T20:00:00Z') };
  const hear = (now: string, zone = BERLIN) => hearText(played, at(now), zone);
  expect(hear('2026-11-21T21:00:00Z')).toBe('Hear tonight’s');
  expect(hear('2026-11-22T10:00:00Z')).toBe('Hear last night’s');
  expect(hear('2026-11-24T10:00:00Z')).toBe('Hear Saturday’s');
  expect(hear('2026-12-24T10:00:00Z')).toBe('Hear 21 November’s');
  // In Tokyo it was five in the morning of the next day.
  expect(hear('2026-11-22T10:00:00Z', 'Asia/Tokyo')).toBe('Hear today’s');
  expect(hear('2026-11-23T10:00:00Z', 'Asia/Tokyo')).toBe('Hear yesterday’s');
  expect(hearText(played, null)).toBe('Hear 21 November’s');
  expect(playedText(played, BERLIN)).toBe('Saturday 21 November, 21:00');
  // Where nobody noted the hour, the date has to do.
  const before = { id: '2026-11-21', playedAt: null };
  expect(hearText(before, at('2026-11-22T10:00:00Z'), BERLIN)).toBe('Hear last night’s');
  expect(hearText(before, at('2026-11-21T21:00:00Z'), BERLIN)).toBe('Hear today’s');
  expect(playedText(before, BERLIN)).toBe('Saturday 21 November');
});
