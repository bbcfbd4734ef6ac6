/** What fetches chunks, which is sought when a station says that they are to be fetched. */
import { readFrame } from '../../src/wire.ts';
import type { Score } from '../score/score.ts';
import type { Fetcher, fetcher, GetFile } from './fetcher.ts';

/** Calls `use` at once or later, and once; not at all where it cannot be had. */
export type BringFetcher = (use: (make: typeof fetcher, get: GetFile) => void) => void;

/** To be called about once a second. */
export function soughtFetcher({
  bring,
  music,
  ...world
}: {
  readonly bring: BringFetcher | undefined;
  readonly music: Score;
  readonly position: () => number | null;
  readonly now: () => number;
  readonly random: () => number;
}): () => void {
  let found: Fetcher | null = null;
  let sought = false;
  return () => {
    const { chunks, state } = music.hello ?? {};
    if (!chunks || (state !== 'live' && state !== 'doors')) return;
    if (!sought) {
      sought = true;
      bring?.((make, get) => {
        found = make({ ...world, music, get, read: readFrame });
      });
    }
    found?.look(chunks);
  };
}
