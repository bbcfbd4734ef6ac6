import { broadcastId } from './arm.ts';
import type { PerformanceRecord, Performances, Site } from './ports.ts';
import { upcoming, type Window } from './schedule.ts';
import { calendarIcs, feedXml, type ScheduleEntry, scheduleJson } from './site-files.ts';

/** A day as the archive's index lists it. */
export type IndexEntry = Pick<PerformanceRecord, 'id' | 'title' | 'durationMs' | 'notes'>;
export type ArchiveIndex = { readonly schema: 1; readonly performances: readonly IndexEntry[] };

export type PublishPorts = {
  readonly performances: Performances;
  readonly site: Site;
  /** Where the site is, without a slash at its end; '' where nobody knows, for links that must be absolute. */
  readonly siteUrl?: string;
};

/**
 * Makes a performance public, which nothing of it is before its first broadcast has ended.
 * Publishing it again changes nothing.
 */
export async function publish(
  performanceId: string,
  { performances, site, siteUrl = '' }: PublishPorts,
): Promise<void> {
  const stored = await performances.get(performanceId);
  if (!stored) throw new Error(`no performance ${performanceId} to publish`);
  await site.put(`${performanceId}/performance.mid`, stored.midi);
  await site.put(`${performanceId}/record.json`, `${JSON.stringify(stored.record, null, 2)}\n`);
  const { id, title, durationMs, notes } = stored.record;
  const others = (await readIndex(site)).performances.filter((entry) => entry.id !== id);
  const entries = [...others, { id, title, durationMs, notes }].sort((a, b) => (a.id < b.id ? 1 : -1));
  const index: ArchiveIndex = { schema: 1, performances: entries };
  // Last, so that a reader of the index finds everything it names.
  await site.put('index.json', `${JSON.stringify(index)}\n`);
  await site.put('feed.xml', feedXml(index, siteUrl));
}

/** The public archive, newest first; empty before the first publication. */
export async function readIndex(site: Site): Promise<ArchiveIndex> {
  const bytes = await site.get('index.json');
  return bytes
    ? (JSON.parse(new TextDecoder().decode(bytes)) as ArchiveIndex)
    : { schema: 1, performances: [] };
}

/** Coming broadcasts that are told in public: two weeks of daily ones. */
const PUBLIC_AHEAD = 14;

/** Tells what comes: `schedule.json` for pages, `calendar.ics` for calendars. */
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
  await site.put('schedule.json', scheduleJson(entries));
  await site.put('calendar.ics', calendarIcs(entries, siteUrl, now));
}
