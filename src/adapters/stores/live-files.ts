/** Music of a broadcast as files of the site, over named bytes anywhere. */
import type { Blobs, LiveFiles } from '../../ports.ts';
import { sitePath } from '../site-headers.ts';

/** All of them lie below this, a folder a broadcast; infra/buckets.yml lets them expire by it. */
const PREFIX = 'live/';
/** The archive has the music, and who fetches it does so while it is played; infra/buckets.yml says the same. */
export const LIVE_KEPT_DAYS = 3;

/** @param blobs those that the site is served from */
export const liveFiles = (blobs: Pick<Blobs, 'create'>): LiveFiles => ({
  async put(path, body) {
    if (!path.startsWith(PREFIX)) throw new RangeError(`"${path}" does not lie below ${PREFIX}`);
    return blobs.create(sitePath(path), body);
  },
});
