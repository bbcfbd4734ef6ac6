import { randomUUID } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { freeLeases } from '../adapters/database/broadcasts.ts';
import { hold } from '../adapters/database/hold.ts';
import { databasePunches } from '../adapters/database/punches.ts';
import { timerOf } from '../adapters/database/timers.ts';
import { sweep } from '../adapters/disk/sweep.ts';
import { memoryManners } from '../adapters/memory/manners.ts';
import { memoryConnections } from '../adapters/memory/memory.ts';
import { clockRoute } from '../adapters/net/clock-route.ts';
import { continueRoute } from '../adapters/net/continue-route.ts';
import { renewTls, type Tls } from '../adapters/net/edge-server.ts';
import { frontOf } from '../adapters/net/front.ts';
import { pageServer } from '../adapters/net/http.ts';
import { listenAt } from '../adapters/net/listen-on.ts';
import { serveSockets } from '../adapters/net/ws.ts';
import { systemClock } from '../adapters/system-clock.ts';
import { hello, type ListenPorts, listen } from '../broadcast/listen.ts';
import { type Growing, growingPerformances, timelines } from '../broadcast/timelines.ts';
import { wakeSparingly } from '../broadcast/wake.ts';
import { openEngraver } from '../engraving/engraver.ts';
import { messageOf } from '../errors.ts';
import type { Broadcast, Clock, Log, Timer, Windows } from '../ports.ts';
import { layOutIndex } from '../publish/index-file.ts';
import { moveSite } from '../publish/move.ts';
import { publishSchedule } from '../publish/publish.ts';
import { virtualWindow, type Window } from '../schedule/index.ts';
import { windowsInForce } from '../station/arm.ts';
import { type PerformPorts, perform, type Reason, UnpublishedError } from '../station/perform.ts';
import { begin, nextStart } from '../station/play-now.ts';
import type { Composing } from '../wire.ts';
import { briefly } from './briefly.ts';
import { fetchingOf, type StationConfig } from './config.ts';
import { type Data, openStores } from './data.ts';
import { type Health, healthOf, type MonitorPorts, monitorPages, tally } from './monitor.ts';
import { newestRecord } from './newest-record.ts';
import { type Ensure, preparing } from './preparing.ts';
import { punchLimit } from './punch-limit.ts';
import { soundsInTurn } from './sounds.ts';
import { sweepLive } from './sweep-live.ts';

type Outcome = Awaited<ReturnType<typeof perform>>;
/** The whole of Pianola in one process: page, archive, websocket, timers and broadcasts. */
export type Station = Pick<Data, 'performances' | 'broadcasts' | 'site' | 'records'> & {
  /** Where the public finds it, without a slash at its end. */
  readonly url: string;
  /** Where it is found on this machine. */
  readonly here: string;
  readonly health: () => Promise<Health>;
  /** Handshakes are made with this certificate from now on. */
  renewTls(tls: Tls): void;
  readonly windows: Windows;
  /** The window of a station without stored ones. */
  readonly otherwise: Window;
  readonly timer: Timer;
  readonly clock: Clock;
  /** What fails is told here, for its health to know. */
  readonly log: Log;
  /** What is played while it is composed. */
  readonly growing: Growing;
  /** Listeners connected now. */
  readonly listeners: () => number;
  /** Whether a broadcast is under way, its doors counted in. */
  readonly onAir: () => boolean;
  /** Start of the next broadcast by the windows in force; null: none will come. */
  readonly nextStart: () => Promise<number | null>;
  /** Tells who listens how far the piece is that will be played as soon as it may begin; null: none is. */
  composing(made: Composing | null): void;
  /** Begins a broadcast without a window, and tells how it ended. */
  play(plan: Pick<Broadcast, 'startsAt' | 'wanted' | 'next'> & { readonly window: string }): Promise<Outcome>;
  /** Prepares what comes by the windows in force, again and again, until aborted. */
  run(ensure: Ensure, signal: AbortSignal): Promise<never>;
  close(): Promise<void>;
};

/** The data directory is another station's, which runs. */
export class StationRunsError extends Error {
  override readonly name = 'StationRunsError';
}

/** Composing takes a minute or two here, and no other process does it. */
const COMPOSE_AHEAD_MS = 3_600_000;

/**
 * Opens a station; what its predecessor was about when it died is gone on with at once.
 * @throws StationRunsError
 */
export async function openStation(config: StationConfig): Promise<Station> {
  const { dataDir, timeZone, clock = systemClock, tls, metricsFrom = ['loopback'] } = config;
  const counted = tally(clock);
  const log = counted.log(config.log);
  const front = frontOf(config.front);
  await mkdir(join(dataDir, 'site'), { recursive: true });
  const letGo = hold(join(dataDir, 'station.lock'));
  if (!letGo) throw new StationRunsError(`a station runs on ${dataDir} already`);
  const undo: (() => void)[] = [letGo];
  try {
    const stores = openStores(dataDir, true, clock);
    undo.push(stores.close);
    freeLeases(stores.database);
    // No clock but the one that stamps files.
    void sweep(dataDir, Date.now()).catch(() => {});
    sweepLive(dataDir, Date.now());
    return await openOn(stores);
  } catch (error) {
    for (const each of undo.reverse()) each();
    throw error;
  }

  async function openOn({ database, ...stores }: Data): Promise<Station> {
    const { performances, broadcasts, records, site, windows } = stores;
    const otherwise = virtualWindow(config.timeOfDay, timeZone);
    const continued = config.continuing && continueRoute(config.continuing, front);
    const answersTime = clockRoute(clock.now);
    let monitored: ReturnType<typeof monitorPages> = async () => false;
    const server = pageServer(config.assets, join(dataDir, 'site'), {
      ...{ front, tls },
      more: async (...asked) =>
        answersTime(...asked) || (await monitored(...asked)) || ((await continued?.(...asked)) ?? false),
    });
    // Pages ask for it first of all.
    await layOutIndex(site);
    const listening = await listenAt(server, config.port, config.host);
    undo.push(() => {
      listening.close();
      server.closeAllConnections();
      server.close();
    });
    const here = `${tls ? 'https' : 'http'}://${listening.name}:${listening.port}`;
    const siteUrl = front.url ?? here;
    const inForce = () => windowsInForce(windows, otherwise);
    const former = await moveSite(site, siteUrl);
    if (former !== null) log('site.moved', { from: former, to: siteUrl });
    // The page asks for the schedule as soon as it is there.
    await publishSchedule(await inForce(), clock.now(), { site, siteUrl });

    const closing = new AbortController();
    const connections = memoryConnections();
    const broadcastFailed = (error: unknown, broadcast?: string): void => {
      // What was played and not made public is told of by who was to make it public.
      if (closing.signal.aborted || error instanceof UnpublishedError) return;
      log('broadcast.failed', { ...(broadcast && { broadcast }), reason: messageOf(error) });
    };
    const sockets = serveSockets(
      server,
      {
        message: (id, text, receivedAt, address) =>
          listen(id, text, receivedAt, { ...listenPorts, mayPunch: () => admits(address) }),
        gone: (id) => void connections.remove(id),
      },
      { now: clock.now, front },
    );
    const growing = growingPerformances();
    const shared = {
      ...{ broadcasts, performances, records, connections, clock },
      timelines: timelines(performances, growing),
      punches: databasePunches(database, clock),
      ...{ site, siteUrl, windows, otherwise, timeZone, log, engraver: openEngraver(log) },
    };
    const { renderer } = config;
    const soundLater = renderer && soundsInTurn({ ...shared, renderer }, () => onAir(), closing.signal);
    const admits = punchLimit(clock);
    const listenPorts: ListenPorts = {
      ...shared,
      nextStart: briefly(clock, (after: number) => nextStart(shared, after)),
      manners: memoryManners(clock),
      composing: () => being,
      siteClock: config.siteClock ?? false,
      wake: wakeSparingly(async (id) => wake(id, 'orphaned'), clock, broadcastFailed),
    };
    let being: Composing | null = null;
    const tellComposing = async (): Promise<void> => {
      const frame = await hello(await broadcasts.current(), listenPorts);
      for (const connection of await connections.list()) void sockets.post(connection, frame);
    };
    const books = newestRecord(records);
    const performPorts: PerformPorts = {
      ...{ ...shared, ...(soundLater && { soundLater }) },
      ...{ post: counted.post(sockets.post), keepRecord: books.put },
      ...fetchingOf(config, stores.live),
    };

    const performing = new Set<Promise<unknown>>();
    const onAir = () => performing.size > 0;
    /** Who asked how a broadcast ends. */
    const asked = new Map<string, (outcome: Promise<Outcome>) => void>();
    const run = (id: string, reason: Reason): Promise<Outcome> => {
      const outcome = perform(id, reason, randomUUID(), performPorts, closing.signal);
      const settled = outcome
        .then((how) => how === 'elsewhere' || how === 'superseded')
        .catch(() => false)
        .then((others) => {
          performing.delete(settled);
          sweepLive(dataDir, Date.now());
          if (!others) asked.get(id)?.(outcome);
        });
      performing.add(settled);
      return outcome;
    };
    /** In the background, as a cloud does. */
    const wake = (id: string, reason: Reason): void => {
      run(id, reason).catch((error: unknown) => broadcastFailed(error, id));
    };
    const timers = timerOf(database, clock);
    const firing = timers.fire(run, broadcastFailed, closing.signal);

    const watched: MonitorPorts = {
      ...{ dataDir, clock, front, metricsFrom, newestRecord: books.newest },
      nextStart: () => nextStart(shared),
      listeners: sockets.open,
      onAir,
      closing: () => closing.signal.aborted,
    };
    monitored = monitorPages(watched, counted);
    return {
      ...{ url: siteUrl, here, performances, broadcasts, site, records, windows, otherwise, clock, log },
      growing,
      timer: timers.timer,
      listeners: watched.listeners,
      health: () => healthOf(watched, counted),
      renewTls: (tls) => renewTls(server, tls),
      onAir: watched.onAir,
      nextStart: watched.nextStart,
      composing(made) {
        being = made;
        if (!closing.signal.aborted) void tellComposing();
      },
      async play({ window, ...broadcast }) {
        const id = await begin(window, broadcast, { broadcasts, timer: timers.timer });
        return new Promise((resolve) => asked.set(id, resolve)).finally(() =>
          asked.delete(id),
        ) as Promise<Outcome>;
      },
      run: (ensure, signal) => {
        const ports = {
          ...{ ...shared, ...(soundLater && { soundLater }), timer: timers.timer },
          ...{ ensure, counted, readWindows: inForce },
          composeAheadMs: COMPOSE_AHEAD_MS,
          wake: async (id: string) => wake(id, 'orphaned'),
        };
        return preparing(ports, AbortSignal.any([signal, closing.signal]));
      },
      async close() {
        closing.abort(new Error('the station closes'));
        sockets.close();
        await Promise.allSettled([firing, ...performing]);
        listening.close();
        server.closeAllConnections();
        await new Promise<void>((resolve) => server.close(() => resolve()));
        stores.close();
        letGo?.();
      },
    };
  }
}
