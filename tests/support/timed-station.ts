/** A real local station on a machine's time that the test holds: files, sockets and all, but no composing. */
import { cpSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { clockOf } from '../../src/adapters/system-clock.ts';
import { openStation, type Station } from '../../src/local/station.ts';
import type { Window } from '../../src/schedule/window.ts';
import { withStores } from './data.ts';
import { scale, stored } from './music.ts';
import { type SettableTime, settableTime } from './settable-time.ts';

export type Event = { readonly event: string; readonly at: number; readonly [detail: string]: unknown };
export type TimedStation = Awaited<ReturnType<typeof stationOn>>;

/**
 * @param start what the clock shows first, ISO 8601
 * @param windows stored before; none: daily at 20:00 UTC
 * @param lengthMs of every day's performance
 */
export async function timedStation(start: string, windows: readonly Window[] = [], lengthMs = 240_000) {
  const dataDir = await mkdtemp(join(tmpdir(), 'pianola-timed-'));
  const time = settableTime(Date.parse(start));
  await withStores(dataDir, async (stores) => {
    for (let day = 0; day < 3; day++) {
      const date = new Date(time.wall() + day * 86_400_000).toISOString().slice(0, 10);
      await stores.performances.create(stored(date, scale(lengthMs, 2_000)));
    }
    for (const window of windows) await stores.windows.put(window, 0);
  });
  return stationOn(dataDir, time);
}

/**
 * A station that is killed: what another finds is what lay on the disk at that instant, and not what it wrote in closing.
 * @param downMs until it is started again
 */
export async function killedAndStarted(station: TimedStation, downMs: number): Promise<TimedStation> {
  const dataDir = await mkdtemp(join(tmpdir(), 'pianola-timed-'));
  // In one go: nobody writes meanwhile.
  cpSync(station.dataDir, dataDir, { recursive: true });
  await station.close();
  await station.time.pass(downMs);
  return stationOn(dataDir, station.time);
}

async function stationOn(dataDir: string, time: SettableTime) {
  const events: Event[] = [];
  const log = (event: string, details: object = {}) =>
    void events.push({ event, at: time.awake(), ...details });
  let opened: Station | null = null;
  const clock = clockOf({ time, log, held: () => opened?.onAir() ?? false });
  const config = { dataDir, host: '127.0.0.1', port: 0, assets: new Map(), log, clock };
  const station = await openStation({ ...config, timeZone: 'UTC', timeOfDay: '20:00' });
  opened = station;
  const stop = new AbortController();
  const ensured: string[] = [];
  const composer: { fault: Error | null } = { fault: null };
  const ensure = async (date: string) => {
    ensured.push(date);
    if (composer.fault) throw composer.fault;
  };
  const running = station.run(ensure, stop.signal).catch(() => {});
  return {
    dataDir,
    time,
    clock,
    station,
    events,
    /** Days that were to be composed, in order. */
    ensured,
    /** What whoever composes fails with; null: it does not. */
    composer,
    /** The details of the first such event; null: it has not happened. */
    told: (name: string): Event | null => events.find(({ event }) => event === name) ?? null,
    async close() {
      stop.abort(new Error('over'));
      await station.close();
      await running;
      await rm(dataDir, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}
