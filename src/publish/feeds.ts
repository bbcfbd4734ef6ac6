/** The public files that are derived from others: pure, the same in local mode and on AWS. */
import type { Occurrence } from '../schedule/index.ts';
import { escapeMarkup } from './site/html.ts';
import type { ArchiveIndex } from './site/index-json.ts';
import { countText, dateText, heardText, ownTitle } from './site/words.ts';

/** A coming broadcast, as `schedule.json` lists it. */
export type ScheduleEntry = Occurrence & { readonly broadcast: string; readonly title: string };

export const scheduleJson = (entries: readonly ScheduleEntry[]): string =>
  `${JSON.stringify({ schema: 1, broadcasts: entries })}\n`;

/** How long a broadcast is shown in calendars: it ends when the music does, which nobody knows yet. */
const CALENDAR_MINUTES = 15;

/**
 * iCalendar (RFC 5545): times in UTC, so that no zone rules travel with them; lines end in CRLF and are folded at 75
 * octets; the same broadcast keeps its UID.
 */
export function calendarIcs(entries: readonly ScheduleEntry[], siteUrl: string, now: number): string {
  const stamp = (ms: number) => `${new Date(ms).toISOString().slice(0, 19).replace(/[-:]/g, '')}Z`;
  const events = entries.flatMap(({ broadcast, title, startsAt }) => [
    'BEGIN:VEVENT',
    `UID:${escapeIcs(broadcast)}@pianola`,
    `DTSTAMP:${stamp(now)}`,
    `DTSTART:${stamp(startsAt)}`,
    `DURATION:PT${CALENDAR_MINUTES}M`,
    `SUMMARY:${escapeIcs(title ? `Pianola: ${title}` : 'Pianola')}`,
    ...(siteUrl ? [`URL:${siteUrl}/`] : []),
    'END:VEVENT',
  ]);
  const lines = [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//Pianola//Pianola//EN',
    'X-WR-CALNAME:Pianola',
    ...events,
    'END:VCALENDAR',
  ];
  return lines.map((line) => `${fold(line)}\r\n`).join('');
}

const escapeIcs = (text: string): string =>
  text.replace(/[\\;,]/g, (char) => `\\${char}`).replace(/[\r\n]+/g, ' ');

/** RFC 5545, 3.1: no line over 75 octets; a continuation begins with a space. Never inside a character. */
function fold(line: string): string {
  let folded = '';
  let octets = 0;
  for (const char of line) {
    const size = Buffer.byteLength(char);
    if (octets + size > 75) {
      folded += '\r\n ';
      octets = 1;
    }
    folded += char;
    octets += size;
  }
  return folded;
}

/** Days that a feed tells of. */
const FEED_DAYS = 30;

/** RSS 2.0: one item a day, newest first, which leads to its page, with its MIDI as enclosure. */
export function feedXml({ performances }: ArchiveIndex, siteUrl: string): string {
  const at = (path: string) => escapeMarkup(`${siteUrl}${path}`);
  const items = performances.slice(0, FEED_DAYS).map((entry) => {
    const { id, durationMs, notes, heard, midiBytes } = entry;
    const minutes = Math.max(1, Math.round(durationMs / 60_000));
    const facts = [`${minutes} minutes`, `${countText(notes)} notes`, heardText(heard)].filter(Boolean);
    return `<item>
<title>${escapeMarkup(ownTitle(entry) || dateText(id))}</title>
<link>${at(`/${id}/`)}</link>
<guid isPermaLink="false">pianola-${id}</guid>
<pubDate>${new Date(`${id}T12:00:00Z`).toUTCString()}</pubDate>
<description>${facts.join(', ')}.</description>
<enclosure url="${at(`/${id}/performance.mid`)}" length="${midiBytes}" type="audio/midi"/>
</item>`;
  });
  return `<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel>
<title>Pianola</title>
<link>${at('/')}</link>
<atom:link href="${at('/feed.xml')}" rel="self" type="application/rss+xml"/>
<description>A piano that plays itself: a new piece each day, heard by everyone at the same moment.</description>
${items.join('\n')}
</channel></rss>
`;
}
