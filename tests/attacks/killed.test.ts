/** Case 82 at every hour of a broadcast: a station whose time the test holds is killed, and another is started on its data. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import { playFirst } from '../../src/cli/commands/start/first.ts';
import { stationActions } from '../../src/cli/place/station-actions.ts';
import { type HeldPage, heldPage } from '../support/held-page.ts';
import { inProcess } from '../support/in-process.ts';
import { scale } from '../support/music.ts';
import { killedAndStarted, type TimedStation, timedStation } from '../support/timed-station.ts';
import { until } from '../support/until.ts';
import { aWindow } from '../support/windows.ts';

const DAY = '2026-11-21';
const START = Date.parse(`${DAY}T19:34:20Z`);
const LENGTH_MS = 140_000;
const MUSIC = scale(LENGTH_MS, 2_000);
/** Another station is up, and is asked, this long after the kill. */
const DOWN_MS = 4_000;
const STEP_MS = 2_000;
const evening = aWindow({ id: 'evening', rule: { kind: 'once', at: `${DAY}T19:35` }, timeZone: 'UTC' });

const first = ({ station, clock }: TimedStation) =>
  playFirst({ ...station, clock, timeZone: 'UTC', ensure: async () => MUSIC.durationMs });
/** Each begins a broadcast in its own way, and says what a start does besides preparing. */
const BEGUN: Readonly<Record<string, { begin(open: TimedStation): Promise<unknown>; windows: boolean }>> = {
  'by a stored window': { windows: true, begin: async () => {} },
  'by the daily window of a station without any': { windows: false, begin: async () => {} },
  'by its first start': { windows: false, begin: first },
  'by broadcast now': {
    windows: false,
    begin: ({ station, clock }) =>
      stationActions({ ...station, clock, timeZone: 'UTC' })['broadcast-now']!({ inMs: 30_000 }),
  },
};
/** When it is killed, milliseconds from T0. */
const KILLS = [-10_000, 5_000, 20_000, 61_000, 100_000, MUSIC.durationMs - 10_000];

let open: TimedStation;
let page: HeldPage;
afterEach(async () => {
  page.close();
  await open.close();
});

async function playUntil(ms: number): Promise<void> {
  for (let steps = 0; (page.position() ?? Number.NEGATIVE_INFINITY) < ms; steps++) {
    if (steps > 400) throw new Error(`no broadcast comes to ${ms} ms: ${JSON.stringify(open.events)}`);
    await open.time.pass(STEP_MS);
    await page.play();
  }
}

describe.each(Object.entries(BEGUN))('a broadcast that was begun %s', (how, { windows, begin }) => {
  test.each(KILLS)('case 82: killed %i ms from T0 it goes on as if nothing had been', async (killMs) => {
    const start = how.includes('daily') ? `${DAY}T19:59:20Z` : new Date(START).toISOString();
    open = await timedStation(start, windows ? [evening] : [], LENGTH_MS);
    page = await heldPage(open);
    await open.time.pass(1_000);
    await begin(open);
    await playUntil(killMs);
    const before = await open.station.broadcasts.current();

    open = await killedAndStarted(open, DOWN_MS);
    // What another start does, too.
    if (how.includes('first')) await first(open);
    await open.time.pass(2_000);
    // Within two seconds of being up, with the next epoch.
    expect(open.told('broadcast.leased')).toMatchObject({ broadcast: before?.id, epoch: 2 });
    await page.join(open);
    await playUntil(MUSIC.durationMs + 4_000);

    expect(page.amiss(MUSIC.notes)).toEqual({ missed: [], doubled: [] });
    expect([page.broadcast(), page.state()]).toEqual([before?.id, 'ended']);
    const record = await open.station.records.get(before!.id);
    expect(record).toMatchObject({ state: 'ended', performance: DAY, epoch: 2, startsAt: before?.startsAt });
    expect((await inProcess(['replay', DAY, '--verify', '--data', open.dataDir])).code).toBe(0);
    // Pictures take their time, which is the machine's.
    const published = join(open.dataDir, 'site', DAY, 'record.json');
    expect(await until(() => existsSync(published), Boolean)).toBe(true);
  });
});
