import { expect, test } from '@jest/globals';
import { calendarIcs, feedXml, type ScheduleEntry } from '../../src/publish/feeds.ts';
import type { IndexEntry } from '../../src/publish/site/index-json.ts';

const entry = (fields: Partial<ScheduleEntry> = {}): ScheduleEntry => ({
  broadcast: 'daily@2026-11-21T19:00:00.000Z',
  window: 'daily',
  startsAt: Date.UTC(2026, 10, 21, 19),
  local: '2026-11-21T20:00:00+01:00',
  timeZone: 'Europe/Berlin',
  title: '',
  ...fields,
});

/** Seven minutes and a half. */
const calendar = (siteUrl = '', now = 0) => ({ siteUrl, now, durationMs: 450_000 });

test('a calendar names each broadcast once, in UTC, and every line ends as RFC 5545 asks', () => {
  const ics = calendarIcs([entry()], calendar('https://piano.example', Date.UTC(2026, 10, 20)));
  expect(ics.endsWith('END:VCALENDAR\r\n')).toBe(true);
  expect(ics.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
  expect(ics.split('\r\n')).toEqual(
    expect.arrayContaining([
      'UID:daily@2026-11-21T19:00:00.000Z@pianola',
      'DTSTAMP:20261120T000000Z',
      'DTSTART:20261121T190000Z',
      'DURATION:PT8M',
      'SUMMARY:Pianola',
      'URL:https://piano.example/',
      'REFRESH-INTERVAL;VALUE=DURATION:PT6H',
    ]),
  );
  // Who is to be there at the doors is told when they open.
  expect(ics).toContain(
    'BEGIN:VALARM\r\nACTION:DISPLAY\r\nTRIGGER:-PT5M\r\nDESCRIPTION:Pianola: doors are open\r\nEND:VALARM\r\nEND:VEVENT',
  );
  expect(ics.replaceAll('\r\n ', '')).toMatch(
    /DESCRIPTION:A new piece for piano\\, .* about 8 minutes\. https:\/\/piano\.example\/\r\n/,
  );
});

test('titles of operators are escaped and folded, and unfold to what they were', () => {
  const title = `Evening; with, commas \\ and 夜${'ö'.repeat(60)}\nEND:VEVENT`;
  const ics = calendarIcs([entry({ title })], calendar());
  const plain = calendarIcs([entry({ title: 'x'.repeat(200) })], calendar());
  for (const line of `${ics}${plain}`.split('\r\n')) expect(Buffer.byteLength(line)).toBeLessThanOrEqual(75);
  expect(ics.match(/^END:VEVENT/gm)).toHaveLength(1);
  const summary = /^SUMMARY:(.*)$/m.exec(ics.replaceAll('\r\n ', '').replaceAll('\r\n', '\n'))![1]!;
  expect(summary).toBe(`Pianola: Evening\\; with\\, commas \\\\ and 夜${'ö'.repeat(60)} END:VEVENT`);
});

const day = (fields: Partial<IndexEntry>): IndexEntry => ({
  id: '2026-11-21',
  title: 'Pianola',
  durationMs: 480_000,
  notes: 5_000,
  weave: '',
  heard: null,
  costUsd: null,
  pricesDate: null,
  holes: 0,
  soundBytes: 0,
  soundMs: 0,
  midiBytes: 41_234,
  playedAt: null,
  edition: 1,
  ...fields,
});

test('a feed has one item a day, the newest thirty, and no markup of titles', () => {
  const performances = Array.from({ length: 40 }, (_, i) =>
    day({
      id: `2026-10-${String(31 - (i % 31)).padStart(2, '0')}`,
      title: i === 0 ? '<script>&"' : 'Pianola',
    }),
  );
  const feed = feedXml({ schema: 1, performances }, 'https://piano.example');
  expect(feed.match(/<item>/g)).toHaveLength(30);
  expect(feed).toContain('<title>&lt;script&gt;&amp;&quot;</title>');
  expect(feed).toContain('<pubDate>Sat, 31 Oct 2026 12:00:00 GMT</pubDate>');
});

test('an item is dated when it was played, and shows its picture', () => {
  const playedAt = Date.UTC(2026, 10, 21, 20);
  const feed = feedXml({ schema: 1, performances: [day({ playedAt })] }, 'https://piano.example');
  expect(feed).toContain('<pubDate>Sat, 21 Nov 2026 20:00:00 GMT</pubDate>');
  expect(feed).toContain('<media:content url="https://piano.example/2026-11-21/share.png" medium="image"');
});

test('an item leads to its day, says who heard it, and encloses nothing as long as there is no sound of it', () => {
  const feed = feedXml({ schema: 1, performances: [day({ heard: 14 })] }, 'https://piano.example');
  expect(feed).toContain('<link>https://piano.example/2026-11-21/</link>');
  expect(feed).toContain('<guid isPermaLink="false">pianola-2026-11-21</guid>');
  expect(feed).toContain('<description>8 minutes, 5,000 notes, heard by 14.</description>');
  expect(feed).not.toContain('<enclosure');
  const untitled = feedXml({ schema: 1, performances: [day({ title: '2026-11-21' })] }, '');
  expect(untitled).toContain('<title>21 November 2026</title>');
});

test('a broadcast keeps its UID in calendars, whenever and however often they are made', () => {
  const uids = (now: number, entries: ScheduleEntry[]) =>
    [...calendarIcs(entries, calendar('', now)).matchAll(/^UID:(.*)\r$/gm)].map(([, uid]) => uid);
  const first = uids(0, [entry()]);
  expect(first).toEqual(['daily@2026-11-21T19:00:00.000Z@pianola']);
  expect(uids(86_400_000, [entry({ title: 'New title', local: 'x' })])).toEqual(first);
  const next = entry({ broadcast: 'daily@2026-11-22T19:00:00.000Z' });
  expect(uids(0, [entry(), next])).toEqual([...first, 'daily@2026-11-22T19:00:00.000Z@pianola']);
});
