/** Chunks as files of the site, for a crowd that is larger than the station's rate of posts: what is told of them. */
import type { Timeline } from '../../music/timeline.ts';
import type { Broadcast } from '../../ports.ts';
import type { OnSite } from '../../wire.ts';

/**
 * Chunks of one file: two minutes of music. A request costs what a post costs, so a file holds four times what a post of a crowd holds,
 * which it may, for it is fetched before the first of its chunks would have been posted.
 */
export const FILE_CHUNKS = 8;
/** Chunk k is posted this long before its time, and a file is there before its first; so a listener always holds well over a minute of music. */
export const LEAD_MS = 120_000;

type Fetched = Pick<Broadcast, 'id' | 'performance' | 'fetchedFrom' | 'fetchedUntil'>;

/** The file in which a chunk lies, called by the first chunk in it. */
export const fileOf = (seq: number): number => Math.floor(seq / FILE_CHUNKS) * FILE_CHUNKS;
/** The first file that begins at or after a chunk. */
export const fileFrom = (seq: number): number => Math.ceil(seq / FILE_CHUNKS) * FILE_CHUNKS;

/**
 * Where the files of a broadcast lie, from the site's root. The performance is part of it: what is played may be another one than was planned,
 * and caches never ask again for what they have.
 */
export const folderOf = ({ id, performance }: Fetched): string => `live/${plain(id)}/${plain(performance!)}/`;
/** Broadcasts are named with `@` and colons, which some file systems refuse; the instant has one form, so two names stay two. */
const plain = (name: string): string => name.replace(/[^\w.-]/g, '-');

/** What listeners are told of it; null: chunks are posted, and always were. */
export function onSite(row: Fetched): OnSite | null {
  if (row.fetchedFrom === null || row.performance === null) return null;
  const until = row.fetchedUntil === null ? {} : { until: row.fetchedUntil };
  return { path: folderOf(row), each: FILE_CHUNKS, from: row.fetchedFrom, leadMs: LEAD_MS, ...until };
}

/** Whether whoever joins now is to fetch what comes. */
export const isFetched = ({ fetchedFrom, fetchedUntil }: Fetched): boolean =>
  fetchedFrom !== null && fetchedUntil === null;

/** The last chunk that is to be posted, as things stand. */
export const postedTo = (row: Fetched, music: Timeline): number =>
  Math.min(music.chunks - 1, isFetched(row) ? row.fetchedFrom! - 1 : Number.POSITIVE_INFINITY);

/** What has been told to be fetched is posted to nobody, also when posting begins again. */
export function passFetched(
  { fetchedFrom, fetchedUntil }: Fetched,
  ours: { pass(from: number, until: number): void },
): void {
  if (fetchedFrom !== null && fetchedUntil !== null) ours.pass(fetchedFrom, fetchedUntil);
}
