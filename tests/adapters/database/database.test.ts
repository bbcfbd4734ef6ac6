import { fork } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { databaseBroadcasts, freeLeases } from '../../../src/adapters/database/broadcasts.ts';
import { type Database, openDatabase } from '../../../src/adapters/database/database.ts';
import { hold } from '../../../src/adapters/database/hold.ts';
import { databasePunches } from '../../../src/adapters/database/punches.ts';
import { databaseTimer, fireTimers } from '../../../src/adapters/database/timers.ts';
import { databaseWindows } from '../../../src/adapters/database/windows.ts';
import { broadcastsContract } from '../../contracts/broadcasts.ts';
import { punchesContract } from '../../contracts/punches.ts';
import { timerContract } from '../../contracts/timer.ts';
import { windowsContract } from '../../contracts/windows.ts';
import { fakeClock } from '../../support/fake-clock.ts';
import { aWindow } from '../../support/windows.ts';

const opened = async () => {
  const path = await mkdtemp(join(tmpdir(), 'pianola-database-'));
  const database = openDatabase(join(path, 'pianola.db'));
  const close = async () => {
    database.close();
    await rm(path, { recursive: true });
  };
  return { path, database, close };
};

windowsContract('the database', async () => {
  const { database, close } = await opened();
  return { windows: databaseWindows(database), close };
});
punchesContract('the database', async () => {
  const { database, close } = await opened();
  return { punches: databasePunches(database, { now: () => 1_790_000_000_000 }), close };
});
test('holes outlive the process; who punched them is known to nobody then', async () => {
  const { path, database, close } = await opened();
  await databasePunches(database, { now: () => 0 }).punch('connection-1', '2026-11-21', 9);
  database.close();
  const again = openDatabase(join(path, 'pianola.db'));
  const punches = databasePunches(again, { now: () => 0 });
  expect(await punches.all()).toEqual(new Map([['2026-11-21', 1]]));
  expect(again.all('SELECT * FROM punches')).toEqual([{ performance: '2026-11-21', holes: 1 }]);
  again.close();
  await close();
});
test('a mark is forgotten with the two hours that a connection can last', async () => {
  const { database, close } = await opened();
  let now = 1_790_000_000_000;
  const punches = databasePunches(database, { now: () => now });
  await punches.punch('a', '2026-11-21', 9);
  now += 7_199_999;
  expect((await punches.punch('a', '2026-11-21', 9)).outcome).toBe('again');
  now += 1;
  expect((await punches.punch('a', '2026-11-21', 9)).outcome).toBe('punched');
  await close();
});
broadcastsContract('the database', async () => {
  const { database, close } = await opened();
  return { broadcasts: databaseBroadcasts(database), close };
});

/** Fires for as long as it is not closed. */
function firing(database: Database, clock = fakeClock(Date.UTC(2026, 10, 21, 12))) {
  const fired: string[] = [];
  const stop = new AbortController();
  const fire = async (id: string, reason: string) => void fired.push(`${id} ${reason}`);
  const over = fireTimers(
    database,
    clock,
    fire,
    (error) => {
      throw error;
    },
    stop.signal,
  );
  return {
    clock,
    fired,
    async close() {
      stop.abort();
      await over;
    },
  };
}
timerContract('the database', async () => {
  const { database, close } = await opened();
  const { clock, fired, close: stop } = firing(database);
  return {
    timer: databaseTimer(database),
    now: clock.now,
    fired,
    elapse: (ms) => clock.runTo(clock.now() + ms),
    async close() {
      await stop();
      await close();
    },
  };
});

let path: string;
let database: Database;
let close: () => Promise<void>;
beforeEach(async () => {
  ({ path, database, close } = await opened());
});
afterEach(() => close());

test('two that open one file are one store', async () => {
  const other = openDatabase(join(path, 'pianola.db'));
  const stores = [databaseWindows(database), databaseWindows(other)];
  const outcomes = await Promise.all(
    Array.from({ length: 12 }, (_, i) =>
      stores[i % 2]!.put(aWindow({ id: 'evening', title: `racer ${i}` }), 0),
    ),
  );
  expect(outcomes.filter((outcome) => 'version' in outcome)).toHaveLength(1);
  expect(await stores[1]!.list()).toEqual(await stores[0]!.list());
  other.close();
});

test('all or nothing: what fails half-way has changed nothing', () => {
  const work = () => {
    database.run("INSERT INTO timers VALUES ('a', 'doors', 1, 0)");
    throw new Error('half-way');
  };
  expect(() => database.atOnce(work)).toThrow('half-way');
  expect(database.all('SELECT * FROM timers')).toEqual([]);
});

test('a file of a later version is refused and left alone', () => {
  database.run('PRAGMA user_version = 99');
  expect(() => openDatabase(join(path, 'pianola.db'))).toThrow(/later Pianola.*99.*update/);
  database.run('PRAGMA user_version = 2');
});

test('a file of an earlier version is brought to this one, and keeps what it had', async () => {
  for (const column of ['fetchedFrom', 'fetchedUntil'])
    database.run(`ALTER TABLE broadcasts DROP COLUMN ${column}`);
  database.run("INSERT INTO broadcasts VALUES ('b', 5, 'w', NULL, 'live', 'p', 'T', 0, 7, 1, 2, 3, NULL, 0)");
  database.run('PRAGMA user_version = 1');
  const later = openDatabase(join(path, 'pianola.db'));
  expect(await databaseBroadcasts(later).get('b')).toEqual({
    ...{ id: 'b', startsAt: 5, wanted: 'w', next: null, state: 'live', performance: 'p', title: 'T' },
    ...{ encore: false, durationMs: 7, startLatenessMs: 1, heard: 2, epoch: 3 },
    ...{ fetchedFrom: null, fetchedUntil: null },
  });
  later.close();
});

test('whoever holds the directory voids the leases of the dead, and epochs go on', async () => {
  const broadcasts = databaseBroadcasts(database);
  await broadcasts.schedule({ id: 'b', startsAt: 5, wanted: '2026-11-21', next: null });
  const old = await broadcasts.acquire('b', 'old', 0, 1e15);
  freeLeases(database);
  // It ran out long ago, and was not given back: 0.
  expect(await broadcasts.leaseUntil('b')).toBe(1);
  expect(await broadcasts.acquire('b', 'new', 1, 2)).toEqual({ broadcast: 'b', owner: 'new', epoch: 2 });
  expect(await broadcasts.renew(old as never, 1, 9)).toBe(false);
});

test('a timer whose work was cut off fires again in the next process, one whose work was done does not', async () => {
  const clock = fakeClock(1_000);
  const timer = databaseTimer(database);
  await timer.arm('done', 'doors', 1_000);
  await timer.arm('cut off', 'doors', 1_000);
  const stop = new AbortController();
  const fire = (id: string) =>
    id === 'done'
      ? Promise.resolve()
      : new Promise((_, reject) => stop.signal.addEventListener('abort', reject));
  const over = fireTimers(database, clock, fire, () => {}, stop.signal);
  await clock.runTo(3_000);
  stop.abort();
  await over;
  const next = firing(database, clock);
  await clock.runTo(4_000);
  expect(next.fired).toEqual(['cut off doors']);
  await next.close();
});

test('a directory is held by one process, and free as soon as that is dead', async () => {
  const file = join(path, 'hold.db');
  const holder = fork(join(import.meta.dirname, 'holder.mjs'), [file], { execArgv: ['--import', 'tsx'] });
  expect(await new Promise((resolve) => holder.once('message', resolve))).toBe('held');
  expect(hold(file)).toBeNull();
  const gone = new Promise((resolve) => holder.once('exit', resolve));
  holder.kill('SIGKILL');
  await gone;
  const release = hold(file);
  expect(release).not.toBeNull();
  expect(hold(file)).toBeNull();
  release?.();
  hold(file)!();
});
