import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Asset } from '../../src/adapters/net/http.ts';
import { buildPage } from '../../src/adapters/net/page-bundle.ts';
import { openStation, type Station } from '../../src/local/station.ts';
import type { Music } from '../../src/music/note.ts';
import type { Continuing, Taking } from '../../src/ports.ts';
import { stored } from '../support/music.ts';

export const TODAY = '2026-11-21';

/** Of the sources as they are: built once for all stations of a file. */
let page: ReturnType<typeof buildPage> | undefined;
function builtPage(): ReturnType<typeof buildPage> {
  page ??= buildPage();
  return page;
}

export type TestStation = Station & { readonly port: number; readonly dataDir: string; end(): Promise<void> };

/** The real local server on a free port, with one performance in its archive. */
export async function testStation(
  music: Music | null,
  assets?: ReadonlyMap<string, Asset>,
  continuing?: (dataDir: string) => Continuing & Taking,
  siteClock = false,
  fetchedAbove?: number,
): Promise<TestStation> {
  const dataDir = await mkdtemp(join(tmpdir(), 'pianola-test-'));
  const station = await openStation({
    dataDir,
    host: '127.0.0.1',
    port: 0,
    assets: assets ?? (await builtPage()),
    continuing: continuing?.(dataDir),
    siteClock,
    fetchedAbove,
    timeZone: 'Europe/Berlin',
    timeOfDay: '20:00',
    log: () => {},
  });
  if (music) await station.performances.create(stored(TODAY, music));
  return {
    ...station,
    dataDir,
    port: Number(new URL(station.url).port),
    async end() {
      await station.close();
      await rm(dataDir, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** Plays it from `startsAt`, in the background. */
export function playAt(station: Station, startsAt: number): void {
  station.play({ window: 'test', startsAt, wanted: TODAY, next: startsAt + 86_400_000 }).catch(() => {
    // The station was closed in mid-performance.
  });
}
