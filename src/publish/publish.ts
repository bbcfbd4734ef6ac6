import { broadcastId } from '../broadcast/id.ts';
import type { Broadcast, Log, Site } from '../ports.ts';
import { upcoming, type Window } from '../schedule/index.ts';
import { isExtra } from '../words.ts';
import {
  type Day,
  entryOf,
  neighbours,
  type Playing,
  type PublishPorts,
  readDay,
  UNKNOWN_PLAYING,
  writeDay,
  writeMargin,
  writePage,
} from './day.ts';
import { calendarIcs, feedXml, type ScheduleEntry, scheduleJson } from './feeds.ts';
import { changeIndex, readIndex } from './index-file.ts';
import { sharePicture } from './pictures/share.ts';
import { layOutShelf } from './shelf/shelf.ts';
import { archivePage, yearsOf } from './site/archive-page.ts';
import { type ArchiveIndex, EDITION, type IndexEntry, withEntries } from './site/index-json.ts';

export type { PublishPorts } from './day.ts';

/**
 * Makes a performance public, which nothing of it is before its first broadcast has ended: its files and its page,
 * the pages that lead to it, and the lists. Publishing it again changes nothing; an extra is never published.
 * @param playing the most listeners at once, and T0; unknown where nobody counted, or an encore was played
 */
export async function publish(
  performanceId: string,
  ports: PublishPorts,
  playing: Playing = UNKNOWN_PLAYING,
): Promise<void> {
  // It was heard, and is no day of the archive.
  if (isExtra(performanceId)) return;
  const day = await readDay(ports.performances, performanceId);
  if (!day) throw new Error(`no performance ${performanceId} to publish`);
  const known = await readIndex(ports.site);
  const shown = lineOf(known, day, playing, ports);
  await writeDay(day, shown, withEntries(known, [shown]), ports);
  await changeIndex(ports.site, async (before) => {
    const index = await withDays(before, [{ day, shown }], playing, ports);
    for (const beside of neighbours(index, performanceId)) {
      // One that cannot be read any more keeps its old links.
      const neighbour = beside && (await readDay(ports.performances, beside.id).catch(() => null));
      if (neighbour) await writePage(neighbour, beside, index, ports);
    }
    const years = yearsOf(index);
    // A new year is named by the pages of all.
    const changed = years.length > yearsOf(before).length ? years : [performanceId.slice(0, 4)];
    await writeLists(index, changed, ports);
    return index;
  });
}

/** A day, and the line of the index that its files show. */
type Made = { readonly day: Day; readonly shown: IndexEntry };

/** A day's line, as it is to be in this index. */
const lineOf = (
  { performances }: ArchiveIndex,
  day: Day,
  playing: Playing,
  ports: PublishPorts,
): IndexEntry => entryOf(day, performances.find(({ id }) => id === day.record.id) ?? null, playing, ports);

/**
 * The index with these days. Their files took seconds to make: holes, sound and listeners that were written meanwhile
 * stay, and are shown.
 */
async function withDays(
  now: ArchiveIndex,
  made: readonly Made[],
  playing: Playing,
  ports: PublishPorts,
): Promise<ArchiveIndex> {
  const lines = made.map(({ day, shown }) => ({ day, shown, line: lineOf(now, day, playing, ports) }));
  const index = withEntries(
    now,
    lines.map(({ line }) => line),
  );
  for (const { day, shown, line } of lines)
    if (JSON.stringify(line) !== JSON.stringify(shown)) await writeMargin(day, line, index, ports);
  return index;
}

/** Who heard a day, and when: an encore has listeners of its own, who do not count for the day that it is from. */
export const playingOf = ({
  encore,
  heard,
  startsAt,
}: Pick<Broadcast, 'encore' | 'heard' | 'startsAt'>): Playing =>
  encore ? UNKNOWN_PLAYING : { heard, playedAt: startsAt };

/** Days that one look makes anew at most, so that what comes after it need not wait. */
const REFRESHED_AT_ONCE = 30;

/**
 * Makes the pages of days anew that an older edition made, newest first, some at a time; and an empty archive,
 * feed and shelf where nothing has been published yet. A day that cannot be read stays as it is.
 */
export async function refreshArchive(
  ports: PublishPorts & { readonly log: Log },
  signal?: AbortSignal,
): Promise<void> {
  const { performances, site, log } = ports;
  await layOutShelf(site);
  const before = await readIndex(site);
  const made: Made[] = [];
  for (const old of before.performances.filter(({ edition }) => edition !== EDITION)) {
    if (signal?.aborted || made.length === REFRESHED_AT_ONCE) break;
    try {
      const day = await readDay(performances, old.id);
      if (!day) throw new Error(`no performance ${old.id}`);
      const shown = entryOf(day, old, UNKNOWN_PLAYING, ports);
      await writeDay(day, shown, before, ports);
      made.push({ day, shown });
    } catch (error) {
      log('publish.not_refreshed', { performance: old.id, reason: String(error) });
    }
  }
  if (made.length > 0) {
    await changeIndex(site, async (now) => {
      const index = await withDays(now, made, UNKNOWN_PLAYING, ports);
      await writeLists(index, yearsOf(index), ports);
      return index;
    });
  } else if (before.performances.length === 0) {
    await changeIndex(site, async (index) => {
      if (await site.get(ARCHIVE)) return null;
      await writeLists(index, [], ports);
      return index;
    });
  }
}

/** What tells of all days, but for the index. */
async function writeLists(index: ArchiveIndex, years: readonly string[], ports: PublishPorts): Promise<void> {
  await writeArchive(index, years, ports);
  await ports.site.put('share.png', await linkPicture(index, ports.site));
  await writeFeed(index, ports);
}

export async function writeFeed(index: ArchiveIndex, { site, siteUrl = '' }: PublishPorts): Promise<void> {
  await site.put('feed.xml', feedXml(index, siteUrl));
}

/** What stands for the whole site elsewhere: the newest day's picture; before there is one, its name alone. */
async function linkPicture({ performances: [newest] }: ArchiveIndex, site: Site): Promise<Uint8Array> {
  const picture = newest ? await site.get(`${newest.id}/share.png`) : null;
  const nothing = { notes: [], pedal: [], durationMs: 0 };
  return picture ?? sharePicture(nothing, 'Pianola', 'A new piece every day, heard by everyone at once');
}

const ARCHIVE = 'archive/index.html';

/** The pages of these years; and the newest year's, which is what `/archive/` shows. */
async function writeArchive(
  index: ArchiveIndex,
  years: readonly string[],
  { site, siteUrl = '' }: PublishPorts,
): Promise<void> {
  for (const year of years) await site.put(`archive/${year}/index.html`, archivePage(index, year, siteUrl));
  await site.put(ARCHIVE, archivePage(index, yearsOf(index)[0] ?? null, siteUrl));
}

/** Coming broadcasts that are told in public: two weeks of daily ones. */
const PUBLIC_AHEAD = 14;

/** What a calendar says of how long it takes, before anything was played, milliseconds. */
const USUAL_MS = 300_000;

/** Tells what comes: `schedule.json` for pages, `calendar.ics` for calendars to follow, `next.ics` for one evening. */
export async function publishSchedule(
  windows: readonly Window[],
  now: number,
  { site, siteUrl = '' }: Pick<PublishPorts, 'site' | 'siteUrl'>,
): Promise<void> {
  const entries: ScheduleEntry[] = [];
  for (const occurrence of upcoming(windows, now)) {
    if (entries.length === PUBLIC_AHEAD) break;
    const { window, startsAt } = occurrence;
    const title = windows.find(({ id }) => id === window)?.title ?? '';
    entries.push({ ...occurrence, broadcast: broadcastId(window, startsAt), title });
  }
  const { performances } = await readIndex(site).catch(() => ({ performances: [] }));
  const calendar = { siteUrl, now, durationMs: performances[0]?.durationMs ?? USUAL_MS };
  await site.put('schedule.json', scheduleJson(entries));
  await site.put('calendar.ics', calendarIcs(entries, calendar));
  await site.put('next.ics', calendarIcs(entries.slice(0, 1), calendar));
}
