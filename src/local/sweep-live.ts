/** Music that was fetched while it was played goes when its days are over, as it does on AWS. */
import { join } from 'node:path';
import { sweepFolders } from '../adapters/disk/sweep.ts';
import { LIVE_KEPT_DAYS } from '../adapters/stores/live-files.ts';

const DAY_MS = 86_400_000;

/**
 * In the background, at the start of a station and when a broadcast is over.
 * @param now epoch milliseconds, by the clock that stamps files
 */
export function sweepLive(dataDir: string, now: number): void {
  void sweepFolders(join(dataDir, 'site', 'live'), now - LIVE_KEPT_DAYS * DAY_MS).catch(() => {});
}
