/** A station as one process on one machine, with the product's own database; it may be killed and come back. */
import { databaseBlobs } from '../../src/adapters/database/blobs.ts';
import { databaseBroadcasts, freeLeases } from '../../src/adapters/database/broadcasts.ts';
import { openDatabase } from '../../src/adapters/database/database.ts';
import { timerOf } from '../../src/adapters/database/timers.ts';
import { databaseWindows } from '../../src/adapters/database/windows.ts';
import { memoryManners } from '../../src/adapters/memory/manners.ts';
import { memoryConnections, memoryPerformances } from '../../src/adapters/memory/memory.ts';
import { memoryPunches } from '../../src/adapters/memory/punches.ts';
import { broadcastRecords } from '../../src/adapters/stores/broadcast-records.ts';
import { type ListenPorts, listen } from '../../src/broadcast/listen.ts';
import { timelines } from '../../src/broadcast/timelines.ts';
import { wakeSparingly } from '../../src/broadcast/wake.ts';
import { keepPrepared } from '../../src/local/keep-prepared.ts';
import type { Timer } from '../../src/ports.ts';
import { windowsInForce } from '../../src/station/arm.ts';
import { perform, type Reason } from '../../src/station/perform.ts';
import { nextStart, playNow } from '../../src/station/play-now.ts';
import { arrange, catchUp, prepare } from '../../src/station/prepare.ts';
import { stored } from '../../tests/support/music.ts';
import { type SimProcess, simProcess } from './process.ts';
import { watchLeases } from './store.ts';
import { type SimStation, TODAY, type World, windowOf, ZONE } from './world.ts';

const UNANSWERED = new Error('the station has closed');

export function localStation(world: World): SimStation & { close(): void } {
  const { clock, gateway, habits, site, plant, log, complaints } = world;
  const performances = memoryPerformances();
  const otherwise = { ...windowOf(world.isNow), limitMinutes: world.limitMinutes };
  let database = openDatabase(':memory:');
  const stores = () => {
    const watched = watchLeases(plant.broadcasts(databaseBroadcasts(database)), clock, (what) =>
      complaints.push(what),
    );
    const records = broadcastRecords(databaseBlobs(database, clock.now));
    return { watched, records, windows: databaseWindows(database) };
  };
  let kept = stores();
  let process: SimProcess;
  let closing: AbortController;
  let timer: Timer;
  let prepareNow: () => Promise<void>;
  let run: (id: string, reason: Reason) => Promise<unknown>;
  let owners = 0;

  function boot(): void {
    const ours = simProcess('station', clock);
    const ending = new AbortController();
    process = ours;
    closing = ending;
    freeLeases(database);
    kept.watched.free();
    const connections = memoryConnections();
    const own = { ...process.clock };
    const { records } = kept;
    const ports = {
      ...process.guard({
        broadcasts: kept.watched.broadcasts,
        performances,
        connections,
        windows: kept.windows,
        site,
        timelines: timelines(performances),
      }),
      ...{ clock: own, log, otherwise, timeZone: ZONE, siteUrl: 'http://localhost' },
    };
    const { post, keepRecord } = process.guard({
      post: gateway.post,
      async keepRecord(record: Parameters<typeof records.put>[0]) {
        if (habits.recordFailures-- > 0) throw new Error('the disk is full');
        await records.put(record);
      },
    });
    const performPorts = { ...ports, post, keepRecord };
    run = (id, reason) => perform(id, reason, `owner ${++owners}`, performPorts, ending.signal);
    const wake = async (id: string) => {
      void run(id, 'orphaned').catch((error: unknown) => log('broadcast.failed', { reason: String(error) }));
    };
    const listenPorts: ListenPorts = {
      ...ports,
      nextStart: (after) => nextStart(ports, after),
      punches: memoryPunches(),
      manners: memoryManners(clock),
      wake: wakeSparingly(wake, clock, () => {}),
    };
    gateway.up = true;
    gateway.handlers = {
      message: (connection, text, receivedAt) =>
        listen(connection, text, receivedAt, listenPorts).then(
          ({ frames }) => frames,
          () => null,
        ),
      gone: (connection) => void connections.remove(connection),
    };
    const timers = timerOf(database, own);
    timer = timers.timer;
    void timers.fire(run, (error) => log('broadcast.failed', { reason: String(error) }), ending.signal);
    const ensure = async (date: string) => {
      if (date !== TODAY || (await ports.performances.get(date))) return;
      await own.sleepUntil(own.now() + habits.composeMs);
      if (habits.composeFailures-- > 0) throw new Error('no model');
      await ports.performances.create(stored(date, world.piece));
    };
    const preparePorts = {
      ...{ ...ports, records, timer: timers.timer, wake, ensure, composeAheadMs: 3_600_000 },
    };
    prepareNow = () => prepare(preparePorts);
    const readWindows = () => windowsInForce(ports.windows, otherwise);
    keepPrepared(
      {
        ...{ readWindows, clock: own, log },
        arrange: () => arrange(preparePorts),
        catchUp: () => catchUp(preparePorts),
      },
      ending.signal,
    ).catch(() => {});
  }
  function down(code: number, backMs: number): void {
    if (!gateway.up) return;
    gateway.up = false;
    gateway.handlers = null;
    gateway.close(code);
    clock.at(clock.now() + backMs, () => {
      process.kill();
      if (plant.forgets) {
        database = openDatabase(':memory:');
        kept = stores();
      }
      boot();
    });
  }
  boot();

  return {
    place: 'local',
    performances,
    broadcasts: () => kept.watched.broadcasts,
    records: () => kept.records,
    processes: () => (gateway.up ? [process] : []),
    kill(_process, late, backMs) {
      if (!gateway.up) return;
      process.kill(late);
      if (late) clock.at(clock.now() + 1, () => process.kill(), true);
      down(1006, backMs);
    },
    terminate(backMs) {
      if (!gateway.up) return;
      closing.abort(UNANSWERED);
      down(1012, backMs);
    },
    prepare: () =>
      void prepareNow().catch((error: unknown) => log('prepare.failed', { reason: String(error) })),
    wake: (id) => void run(id, 'orphaned').catch(() => {}),
    playNow: (performance, inMs) =>
      void playNow(
        { performance, inMs },
        {
          ...{ broadcasts: kept.watched.broadcasts, performances, windows: kept.windows },
          ...{ otherwise: null, clock, timer },
        },
      ),
    stop: (id) => kept.watched.broadcasts.stop(id),
    close: () => database.close(),
  };
}
