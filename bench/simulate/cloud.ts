/** A station as a cloud runs it: a function for each event, timers and stores that outlive them all. */
import { memoryDivisions } from '../../src/adapters/memory/divisions.ts';
import { memoryBroadcasts, memoryConnections, memoryPerformances } from '../../src/adapters/memory/memory.ts';
import { memoryPunches } from '../../src/adapters/memory/punches.ts';
import { memoryBroadcastRecords, memoryWindows } from '../../src/adapters/memory/windows.ts';
import { help } from '../../src/broadcast/helper.ts';
import { type ListenPorts, listen } from '../../src/broadcast/listen.ts';
import { timelines } from '../../src/broadcast/timelines.ts';
import { wakeSparingly } from '../../src/broadcast/wake.ts';
import { cachedBroadcasts } from '../../src/lambda/shared/cached.ts';
import type { BroadcastRecord, Helper, Lease, Timer, WakeReason } from '../../src/ports.ts';
import { type PerformPorts, perform, type Reason } from '../../src/station/perform.ts';
import { nextStart, playNow } from '../../src/station/play-now.ts';
import { prepare } from '../../src/station/prepare.ts';
import { memoryTimer } from '../../tests/support/memory-timer.ts';
import { stored } from '../../tests/support/music.ts';
import { type SimProcess, simProcess } from './process.ts';
import { inWeather, watchLeases } from './store.ts';
import { type SimStation, TODAY, type World, windowOf, ZONE } from './world.ts';

/** Lambda repeats an event whose function failed after a minute, and after two more; milliseconds. */
const RETRIES_MS = [60_000, 120_000];
/** Few, so that a handful of listeners are a crowd. */
const LISTENERS_EACH = 2;

export function cloudStation(world: World): SimStation {
  const { clock, random, gateway, weather, habits, site, plant, log, complaints } = world;
  const watched = watchLeases(plant.broadcasts(memoryBroadcasts()), clock, (what) => complaints.push(what));
  const weathered = <P extends object>(port: P): P => inWeather(port, weather, clock, random);
  const stores = {
    broadcasts: weathered(watched.broadcasts),
    connections: weathered(memoryConnections()),
    divisions: weathered(memoryDivisions()),
    windows: weathered(memoryWindows()),
  };
  const rawPerformances = memoryPerformances();
  const performances = weathered(rawPerformances);
  const records = memoryBroadcastRecords();
  const otherwise = { ...windowOf(world.isNow), limitMinutes: world.limitMinutes };
  const shared = {
    ...stores,
    performances,
    clock,
    log,
    otherwise,
    timeZone: ZONE,
    site,
    siteUrl: 'https://piano.example',
  };
  const keepRecord = async (record: BroadcastRecord) => {
    if (habits.recordFailures-- > 0) throw new Error('the bucket is out of reach');
    await records.put(record);
  };

  type Run = (process: SimProcess, name: string, endsAt: number) => Promise<unknown>;
  const living = new Map<SimProcess, (how: 'over' | 'failed') => void>();
  let requests = 0;
  function invoke(run: Run, name = `request ${++requests}`, attempt = 0): void {
    const process = simProcess(name, clock);
    const done = (how: 'over' | 'failed') => {
      if (!living.delete(process)) return;
      const again = RETRIES_MS[attempt];
      if (how === 'failed' && again) clock.at(clock.now() + again, () => invoke(run, name, attempt + 1));
    };
    living.set(process, done);
    clock.at(clock.now() + habits.startMs, () => {
      const endsAt = clock.now() + habits.limitMs;
      clock.at(endsAt, () => living.has(process) && kill(process, false), true);
      void run(process, name, endsAt).then(
        () => done('over'),
        (error: unknown) => {
          log('function.failed', { reason: String(error) });
          done('failed');
        },
      );
    });
  }
  function kill(process: SimProcess, late: boolean): void {
    process.kill(late);
    living.get(process)?.('failed');
  }

  const performing =
    (id: string, reason: Reason): Run =>
    (process, name, endsAt) => {
      const handOver = async (broadcast: string) => {
        if (habits.handOverFailures-- > 0) throw new Error('throttled');
        invoke(performing(broadcast, 'handed over'));
      };
      const wake = async (lease: Lease, part: number) => invoke(helping({ ...lease, part }));
      const guarded = process.guard({
        ...shared,
        timelines: timelines(performances),
        post: gateway.post,
        keepRecord,
        limit: { at: endsAt, handOver },
        crowd: {
          divisions: stores.divisions,
          listenersEach: LISTENERS_EACH,
          partsAtMost: 4,
          postsPerSecond: 1_000,
          wake,
          share: () => {},
        },
      });
      const ports: PerformPorts = { ...guarded, clock: process.clock };
      return perform(id, reason, name, ports);
    };
  const helping =
    ({ broadcast, epoch, part }: Omit<Helper, 'name'>): Run =>
    (process, name, endsAt) => {
      const guarded = process.guard({
        ...shared,
        timelines: timelines(performances),
        post: gateway.post,
        ...{ postsPerSecond: 1_000, share: () => {}, limit: { at: endsAt } },
      });
      return help({ name, broadcast, epoch, part }, { ...guarded, clock: process.clock });
    };

  const fire = async (id: string, reason: WakeReason) => {
    invoke(performing(id, reason));
    if (habits.timersTwice) clock.at(clock.now() + random() * 30_000, () => invoke(performing(id, reason)));
  };
  const exact = memoryTimer(clock, fire, (error) => complaints.push(`a timer failed: ${error}`));
  const timer: Timer = {
    ...exact,
    async arm(id, reason, instant) {
      if (reason === 'doors' && habits.doorsLost) {
        habits.doorsLost = false;
        return 'armed';
      }
      return exact.arm(id, reason, instant + Math.floor(random() * habits.timersLateMs));
    },
  };
  const ensure = async (date: string) => {
    if (date !== TODAY || (await rawPerformances.get(date))) return;
    await clock.sleepUntil(clock.now() + habits.composeMs);
    if (habits.composeFailures-- > 0) throw new Error('no model');
    await performances.create(stored(date, world.piece));
  };

  const front = simProcess('messages', clock);
  const listenPorts: ListenPorts = {
    clock,
    broadcasts: cachedBroadcasts(stores.broadcasts, clock),
    connections: stores.connections,
    timelines: timelines(performances),
    nextStart: (after) => nextStart(shared, after),
    punches: memoryPunches(),
    manners: async () => 'bear',
    wake: wakeSparingly(
      async (id) => invoke(performing(id, 'orphaned')),
      clock,
      () => {},
    ),
  };
  gateway.handlers = {
    message: (connection, text, receivedAt) =>
      listen(connection, text, receivedAt, listenPorts).then(
        ({ frames }) => frames,
        () => null,
      ),
    gone(connection) {
      if (!habits.disconnectsLost) void stores.connections.remove(connection).catch(() => {});
    },
  };

  return {
    place: 'cloud',
    performances: rawPerformances,
    broadcasts: () => watched.broadcasts,
    records: () => records,
    processes: () => [...living.keys()].filter((process) => process !== front),
    kill,
    terminate() {},
    prepare: () =>
      invoke((process) => {
        const wake = async (id: string) => invoke(performing(id, 'orphaned'));
        const guarded = process.guard({ ...shared, records, timer, wake, ensure });
        return prepare({ ...guarded, clock: process.clock });
      }),
    wake: (id) => invoke(performing(id, 'orphaned')),
    playNow: (performance, inMs) =>
      void playNow(
        { performance, inMs },
        {
          ...shared,
          performances: rawPerformances,
          broadcasts: watched.broadcasts,
          windows: memoryWindows(),
          otherwise: null,
          timer,
        },
      ),
    stop: (id) => watched.broadcasts.stop(id),
  };
}
