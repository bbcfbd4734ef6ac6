/** When the next frame goes out, by the music, the clock and how many listen. */
import { CHUNK_MS, type Timeline } from '../music/timeline.ts';
import type { Broadcast } from '../ports.ts';
import type { Audience } from './audience.ts';
import { dueMs, dueSeq } from './frames.ts';

/** With more listeners than this, two chunks go in one frame: half the posts, and still 105 s in hand at least. */
export const MANY_LISTENERS = 500;
/** Posting may take up this part of the time between two frames; the rest is for joins, pings and what is late. */
const BUSY_AT_MOST = 0.6;

/**
 * How many chunks go in one frame: as few as the station's rate of posts allows. Four leave 75 s in hand, and more
 * would leave too little for a broadcaster to be replaced unheard.
 */
export function chunksTogether(listeners: number, postsPerSecond = Number.POSITIVE_INFINITY): 1 | 2 | 4 {
  if (listeners <= MANY_LISTENERS) return 1;
  return listeners / postsPerSecond <= (2 * BUSY_AT_MOST * CHUNK_MS) / 1000 ? 2 : 4;
}

/**
 * The last chunk of what is to be posted now, or null: not yet.
 * @param last that is to be posted at all
 */
export function dueNow(
  music: Timeline,
  position: number,
  audience: Audience,
  postsPerSecond?: number,
  last = music.chunks - 1,
): number | null {
  const due = Math.min(dueSeq(music, position), last);
  const behind = due - audience.posted();
  const enough = behind >= chunksTogether(audience.here(), postsPerSecond);
  return enough || (behind > 0 && due === last) ? due : null;
}

/**
 * The next instant at which something is due by the music alone. A frame of several chunks is due with the last of them, when the
 * instants of the others have passed: they are no reason to look for it later.
 */
export function nextInstant(row: Broadcast, music: Timeline | null, posted: number, now: number): number {
  if (!music) return Number.POSITIVE_INFINITY;
  const instants = [row.startsAt, row.startsAt + music.music.durationMs];
  const next = Math.max(posted, dueSeq(music, now - row.startsAt)) + 1;
  if (next < music.chunks) instants.push(row.startsAt + dueMs(next));
  return Math.min(...instants.filter((instant) => instant > now));
}
