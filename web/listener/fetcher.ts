/**
 * Fetches the music of a crowd: files of the site, each asked for once by every page, at an instant of its own within the minute after the file
 * is due. Which file, and when, follows from the clock and from what is in hand; no message says so. Where one cannot be had, nothing is lost: a
 * page with little in hand asks the station for it (score.ts).
 */
import type { Chunk, Frame, OnSite } from '../../src/wire.ts';
import { CHUNK_MS, type Score } from '../score/score.ts';

/** Pages are spread over this, from when a file is due; a minute is in hand at its end. */
const SPREAD_MS = 60_000;
/** What could not be had is asked for again after a time that doubles, half of it by chance. */
const FIRST_RETRY_MS = 1_000;
const LONGEST_RETRY_MS = 15_000;
/** A file has a frame, or a few where the music is dense. */
const MOST_FRAMES = 32;
/** Below the site's root, and nowhere else. */
const PATH = /^live\/[\w-][\w.-]*\/[\w-][\w.-]*\/$/;

/**
 * What the site has below its root at a path, parsed; null where there is nothing of use. It never rejects.
 * @param again asked for before, in vain: what a cache of the browser's has is of no use
 */
export type GetFile = (path: string, again: boolean) => Promise<unknown>;

export type Fetcher = {
  /** Asks for what is due, if it is time; to be called about once a second. */
  look(files: OnSite): void;
};

export function fetcher(world: {
  readonly music: Score;
  /** Milliseconds from T0; null while it is unknown. */
  readonly position: () => number | null;
  /** Local milliseconds. */
  readonly now: () => number;
  readonly random: () => number;
  readonly read: (value: unknown) => Frame | null;
  readonly get: GetFile;
}): Fetcher {
  const { music } = world;
  const mineMs = world.random() * SPREAD_MS;
  let asking = false;
  let failures = 0;
  let againAt = Number.NEGATIVE_INFINITY;

  const missing = (at: number): number => music.after(at) + 1;
  /** The frames of a file of this broadcast; null: it is none. */
  const framesOf = (file: unknown): Chunk[] | null => {
    if (!Array.isArray(file) || file.length > MOST_FRAMES) return null;
    const frames = file.map(world.read).filter((frame) => frame?.type === 'chunk');
    return frames.length === file.length ? frames : null;
  };
  const take = (file: unknown, seq: number): void => {
    asking = false;
    for (const frame of framesOf(file) ?? []) music.fetched(frame);
    if (missing(world.position() ?? 0) > seq) {
      failures = 0;
      return;
    }
    const longest = Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** failures++);
    againAt = world.now() + (longest * (1 + world.random())) / 2;
  };

  return {
    look({ path, each, from, until = Number.POSITIVE_INFINITY, leadMs }) {
      const at = world.position();
      if (asking || at === null || world.now() < againAt) return;
      const seq = missing(at);
      const durationMs = music.hello?.durationMs ?? Number.POSITIVE_INFINITY;
      if (seq < from || seq >= until || seq * CHUNK_MS >= durationMs) return;
      const file = Math.floor(seq / each) * each;
      if (at < file * CHUNK_MS - leadMs + mineMs || !PATH.test(path)) return;
      asking = true;
      void world.get(`${path}${file}.json`, failures > 0).then((got) => take(got, seq));
    },
  };
}
