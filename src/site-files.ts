import type { ArchiveIndex } from './publish.ts';
import type { Occurrence } from './schedule.ts';

/** The public files that are derived from others: pure, the same in local mode and on AWS. */

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

/** RSS 2.0: one item a day, newest first, with its MIDI as enclosure. */
export function feedXml({ performances }: ArchiveIndex, siteUrl: string): string {
  const items = performances.slice(0, FEED_DAYS).map(({ id, title, durationMs, notes }) => {
    const minutes = Math.max(1, Math.round(durationMs / 60_000));
    return `<item>
<title>${escapeXml(title)}</title>
<link>${escapeXml(`${siteUrl}/${id}/`)}</link>
<guid isPermaLink="false">pianola-${id}</guid>
<pubDate>${new Date(`${id}T12:00:00Z`).toUTCString()}</pubDate>
<description>${minutes} minutes, ${notes} notes.</description>
</item>`;
  });
  return `<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0"><channel>
<title>Pianola</title>
<link>${escapeXml(`${siteUrl}/`)}</link>
<description>A piano that plays itself: a new piece each day, heard by everyone at the same moment.</description>
${items.join('\n')}
</channel></rss>
`;
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escapeXml = (text: string): string => text.replace(/[&<>"]/g, (char) => ENTITIES[char]!);
