import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { databaseBlobs } from '../adapters/database/blobs.ts';
import { databaseBroadcasts } from '../adapters/database/broadcasts.ts';
import { type Database, openDatabase } from '../adapters/database/database.ts';
import { takeOver } from '../adapters/database/take-over.ts';
import { databaseTimer } from '../adapters/database/timers.ts';
import { databaseWindows } from '../adapters/database/windows.ts';
import { directoryBlobs } from '../adapters/disk/directory-blobs.ts';
import { broadcastRecords } from '../adapters/stores/broadcast-records.ts';
import { liveFiles } from '../adapters/stores/live-files.ts';
import { models } from '../adapters/stores/models.ts';
import { performances } from '../adapters/stores/performances.ts';
import { prompts } from '../adapters/stores/prompts.ts';
import { site } from '../adapters/stores/site.ts';
import { splitBlobs } from '../adapters/stores/split.ts';
import { systemClock } from '../adapters/system-clock.ts';
import type {
  Blobs,
  BroadcastRecords,
  Broadcasts,
  Clock,
  LiveFiles,
  Models,
  Performances,
  Prompts,
  Site,
  Timer,
  Windows,
} from '../ports.ts';

/** The stores of one data directory. */
export type Data = {
  readonly performances: Performances;
  readonly prompts: Prompts;
  readonly records: BroadcastRecords;
  readonly models: Models;
  readonly windows: Windows;
  readonly broadcasts: Broadcasts;
  readonly timer: Timer;
  readonly site: Site;
  readonly live: LiveFiles;
  readonly blobs: Blobs;
  readonly database: Database;
  close(): void;
};

const FILE = 'pianola.db';
/** Rows: every record but that of a model, which is read as a file together with its weights. */
const isRow = (name: string): boolean => name.endsWith('.json') && !/^models\/[0-9a-f]{64}\//.test(name);

/**
 * Opens the stores of a data directory: rows in `pianola.db`, MIDI, models and the public site as plain files.
 * @param writing whether the database is made where there is none yet; otherwise it is then an empty one, in memory,
 * with what an earlier version left in files, and nothing is written to the directory
 */
export function openStores(directory: string, writing = true, clock: Pick<Clock, 'now'> = systemClock): Data {
  const path = join(directory, FILE);
  const database = openDatabase(writing || existsSync(path) ? path : ':memory:', (fresh) =>
    takeOver(directory, fresh),
  );
  // A performance's MIDI lies where it has always been, in `performances/`.
  const files = directoryBlobs(directory);
  const placed = (name: string) => name.replace(/^midi\//, 'performances/');
  const plain = {
    ...files,
    describe: (name: string) => files.describe(placed(name)),
    read: (name: string) => files.read(placed(name)),
    write: (name: string, body: Uint8Array | string) => files.write(placed(name), body),
    create: (name: string, body: Uint8Array | string) => files.create(placed(name), body),
    replace: (name: string, before: Uint8Array | null, body: Uint8Array | string) =>
      files.replace(placed(name), before, body),
  };
  const onSite = directoryBlobs(join(directory, 'site'));
  const blobs = splitBlobs(isRow, databaseBlobs(database, clock.now), plain);
  return {
    performances: performances(blobs),
    prompts: prompts(blobs),
    records: broadcastRecords(blobs),
    models: models(blobs, { here: directory }),
    windows: databaseWindows(database),
    broadcasts: databaseBroadcasts(database),
    timer: databaseTimer(database),
    site: site(onSite),
    live: liveFiles(onSite),
    blobs,
    database,
    close: database.close,
  };
}
