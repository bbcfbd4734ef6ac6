/** The public files that are derived from others: pure, the same in local mode and on AWS. */
import type { Occurrence } from '../schedule/index.ts';
import { countText, dateText, heardText, ownTitle } from '../words.ts';
import { escapeMarkup } from './site/html.ts';
import type { ArchiveIndex } from './site/index-json.ts';
import { MUSIC_LICENCE } from './site/licences.ts';

/** A coming broadcast, as `schedule.json` lists it. */
export type ScheduleEntry = Occurrence & { readonly broadcast: string; readonly title: string };

export const scheduleJson = (entries: readonly ScheduleEntry[]): string =>
  `${JSON.stringify({ schema: 1, broadcasts: entries })}\n`;

export type Calendar = {
  /** Without a slash at its end; '' where nobody knows. */
  readonly siteUrl: string;
  readonly now: number;
  /** How long a piece takes: the last one, for the coming one is nobody's business yet. Shown in whole minutes. */
  readonly durationMs: number;
};

const MINUTE_MS = 60_000;
/** An alarm rings when doors open. */
const ALARM_MINUTES = 5;
/** Calendars that follow it look again so often. */
const REFRESH = 'PT6H';

/**
 * iCalendar (RFC 5545): times in UTC, so that no zone rules travel with them; lines end in CRLF and are folded at 75
 * octets; the same broadcast keeps its UID. REFRESH-INTERVAL is RFC 7986's, X-PUBLISHED-TTL what came before it.
 */
export function calendarIcs(
  entries: readonly ScheduleEntry[],
  { siteUrl, now, durationMs }: Calendar,
): string {
  const stamp = (ms: number) => `${new Date(ms).toISOString().slice(0, 19).replace(/[-:]/g, '')}Z`;
  const minutes = Math.max(1, Math.ceil(durationMs / MINUTE_MS));
  const about = `A new piece for piano, composed by a neural network and played live: everybody who is on the page hears the same note at the same moment. Doors open ${ALARM_MINUTES} minutes before; it takes about ${minutes} minutes.${siteUrl ? ` ${siteUrl}/` : ''}`;
  const events = entries.flatMap(({ broadcast, title, startsAt }) => [
    'BEGIN:VEVENT',
    `UID:${escapeIcs(broadcast)}@pianola`,
    `DTSTAMP:${stamp(now)}`,
    `DTSTART:${stamp(startsAt)}`,
    `DURATION:PT${minutes}M`,
    `SUMMARY:${escapeIcs(title ? `Pianola: ${title}` : 'Pianola')}`,
    `DESCRIPTION:${escapeIcs(about)}`,
    ...(siteUrl ? [`URL:${siteUrl}/`] : []),
    'BEGIN:VALARM',
    'ACTION:DISPLAY',
    `TRIGGER:-PT${ALARM_MINUTES}M`,
    'DESCRIPTION:Pianola: doors are open',
    'END:VALARM',
    'END:VEVENT',
  ]);
  const lines = [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//Pianola//Pianola//EN',
    'X-WR-CALNAME:Pianola',
    `REFRESH-INTERVAL;VALUE=DURATION:${REFRESH}`,
    `X-PUBLISHED-TTL:${REFRESH}`,
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

/** When it was played; where nobody noted that, noon of its date. */
const playedDate = ({ id, playedAt }: ArchiveIndex['performances'][number]): Date =>
  new Date(playedAt ?? `${id}T12:00:00Z`);

/** Where the picture of the podcast lies, and how large it is: Apple takes 1,400 to 3,000 pixels, square. */
export const COVER = 'cover.png';

/**
 * RSS 2.0: one item a day, newest first, dated when it was played, which leads to its page, with its picture (Media RSS), and, from
 * when it has been rendered, with its sound as enclosure. With the first sound it is a podcast, by Apple's requirements
 * (https://podcasters.apple.com/support/823-podcast-requirements); an owner's address, for which mail would be sent, is nobody's to
 * publish.
 */
export function feedXml({ performances }: ArchiveIndex, siteUrl: string): string {
  const at = (path: string) => escapeMarkup(`${siteUrl}${path}`);
  const shown = performances.slice(0, FEED_DAYS);
  const items = shown.map((entry) => {
    const { id, durationMs, notes, heard, soundBytes, soundMs } = entry;
    const minutes = Math.max(1, Math.round(durationMs / 60_000));
    const facts = [`${minutes} minutes`, `${countText(notes)} notes`, heardText(heard)].filter(Boolean);
    const sound = `
<enclosure url="${at(`/${id}/performance.mp3`)}" length="${soundBytes}" type="audio/mpeg"/>
<itunes:duration>${Math.round(soundMs / 1000)}</itunes:duration>
<itunes:explicit>false</itunes:explicit>
<itunes:episodeType>full</itunes:episodeType>`;
    return `<item>
<title>${escapeMarkup(ownTitle(entry) || dateText(id))}</title>
<link>${at(`/${id}/`)}</link>
<guid isPermaLink="false">pianola-${id}</guid>
<pubDate>${playedDate(entry).toUTCString()}</pubDate>
<description>${facts.join(', ')}.</description>${soundBytes > 0 ? sound : ''}
<media:content url="${at(`/${id}/share.png`)}" medium="image" type="image/png"/>
</item>`;
  });
  const podcast = `
<copyright>${MUSIC_LICENCE.name}</copyright>
<itunes:author>Pianola</itunes:author>
<itunes:image href="${at(`/${COVER}`)}"/>
<itunes:category text="Music"/>
<itunes:explicit>false</itunes:explicit>
<itunes:type>episodic</itunes:type>`;
  return `<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom" xmlns:media="http://search.yahoo.com/mrss/" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"><channel>
<title>Pianola</title>
<link>${at('/')}</link>
<atom:link href="${at('/feed.xml')}" rel="self" type="application/rss+xml"/>
<description>A piano that plays itself: a new piece each day, heard by everyone at the same moment.</description>
<language>en</language>
<image><url>${at('/icons/icon-512.png')}</url><title>Pianola</title><link>${at('/')}</link></image>${shown.some(({ soundBytes }) => soundBytes > 0) ? podcast : ''}
${items.join('\n')}
</channel></rss>
`;
}
