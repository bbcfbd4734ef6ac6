import { randomUUID } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { freeLeases } from '../adapters/database/broadcasts.ts';
import { memoryConnections } from '../adapters/memory/memory.ts';
import { sameOrigin } from '../adapters/net/admit.ts';
import { type Asset, pageServer } from '../adapters/net/http.ts';
import { listenAt } from '../adapters/net/listen-on.ts';
import { serveSockets } from '../adapters/net/ws.ts';
import { systemClock } from '../adapters/system-clock.ts';
import { broadcast, type Outcome } from '../broadcast/broadcast.ts';
import { broadcastId } from '../broadcast/id.ts';
import { badMessageLimit, hello, type ListenPorts, listen } from '../broadcast/listen.ts';
import { timelines } from '../broadcast/timelines.ts';
import type { BroadcastRecords, Broadcasts, Clock, Log, Performances, Site, Windows } from '../ports.ts';
import { playingOf, publish, publishSchedule, refreshArchive } from '../publish/publish.ts';
import { DOORS_MS, upcoming, virtualWindow } from '../schedule/index.ts';
import { windowsInForce } from '../station/arm.ts';
import type { Composing } from '../wire.ts';
import { openStores } from './data.ts';
import { type Ensure, runWindows } from './run-windows.ts';

export type StationConfig = {
  /** Where performances and the public site are kept. */
  readonly dataDir: string;
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  /** Names that it answers to, besides those of loopback. */
  readonly hosts?: readonly string[];
  /** What the page consists of, by URL path. */
  readonly assets: ReadonlyMap<string, Asset>;
  readonly timeZone: string;
  /** `HH:MM`, every day, until an operator stores a window. */
  readonly timeOfDay: string;
  readonly log: Log;
  readonly clock?: Clock;
};

/** The whole of Pianola in one process: page, archive, websocket, and broadcasts from memory. */
export type Station = {
  readonly url: string;
  readonly performances: Performances;
  readonly broadcasts: Broadcasts;
  readonly site: Site;
  readonly records: BroadcastRecords;
  readonly windows: Windows;
  /** Listeners connected now. */
  readonly listeners: () => number;
  /** Whether a broadcast is under way, its doors counted in. */
  readonly onAir: () => boolean;
  /** Start of the next broadcast by the windows in force; null: none will come. */
  readonly nextStart: () => number | null;
  /** Tells who listens how far the piece is that will be played as soon as it is whole; null: it is. */
  composing(made: Composing | null): void;
  /** Plans and plays one broadcast, publishes what was played, and tells how it ended. */
  play(plan: BroadcastPlan): Promise<Outcome>;
  /** Plays by the stored windows, or daily at the station's time where there are none, composing before, until aborted. */
  runDaily(ensure: Ensure, signal: AbortSignal): Promise<never>;
  close(): Promise<void>;
};

export type BroadcastPlan = {
  readonly window: string;
  readonly startsAt: number;
  readonly wanted: string;
  readonly next: number | null;
  /** The broadcast is stopped then, whatever is left of the music; epoch milliseconds. */
  readonly stopAt?: number;
};

export async function openStation(config: StationConfig): Promise<Station> {
  const { log, clock = systemClock } = config;
  await mkdir(join(config.dataDir, 'site'), { recursive: true });
  const stores = openStores(config.dataDir);
  freeLeases(stores.database);
  const { performances, site, broadcasts, records, windows } = stores;
  const otherwise = virtualWindow(config.timeOfDay, config.timeZone);
  /** The windows as they were last read. */
  let inForce = await windowsInForce(windows, otherwise);
  /** The windows that the public schedule tells of, and when its first broadcast is over. */
  let told = { windows: '', until: 0 };
  const readWindows = async () => {
    inForce = await windowsInForce(windows, otherwise);
    const now = clock.now();
    if (JSON.stringify(inForce) !== told.windows || now >= told.until) {
      told = { windows: JSON.stringify(inForce), until: nextStart() ?? Number.POSITIVE_INFINITY };
      await publishSchedule(inForce, now, { site, siteUrl });
    }
    return inForce;
  };
  const nextStart = () => upcoming(inForce, clock.now()).next().value?.startsAt ?? null;
  const connections = memoryConnections();
  const { hosts = [] } = config;
  const server = pageServer(config.assets, join(config.dataDir, 'site'), { hosts });
  const listening = await listenAt(server, config.port, config.host);
  const closing = new AbortController();
  const siteUrl = `http://${listening.name}:${listening.port}`;

  // The page asks for the schedule as soon as it is there. A station that cannot write it does not hold its port.
  await readWindows().catch((error: unknown) => {
    server.close();
    server.closeAllConnections();
    throw error;
  });
  const publishPorts = { performances, site, siteUrl };
  /** In the background: after an update there may be many days to make anew, and listeners need not wait for them. */
  const refreshed = refreshArchive({ ...publishPorts, log }, closing.signal).catch((error: unknown) =>
    log('publish.not_refreshed', { reason: String(error) }),
  );

  const shared = { broadcasts, performances, connections, clock, timelines: timelines(performances) };
  const listenPorts: ListenPorts = {
    ...shared,
    broadcasts: {
      ...broadcasts,
      // What comes next may have changed since the row was written.
      async current() {
        const row = await broadcasts.current();
        return row && { ...row, next: nextStart() };
      },
    },
    nextStart,
    composing: () => being,
    wake: (id) => void run(id),
  };
  let being: Composing | null = null;
  const tellComposing = async (): Promise<void> => {
    const frame = hello(await listenPorts.broadcasts.current(), listenPorts);
    for await (const connection of connections.list()) void sockets.post(connection, frame);
  };
  const limits = new Map<string, ReturnType<typeof badMessageLimit>>();
  const sockets = serveSockets(
    server,
    {
      async message(id, text, receivedAt) {
        const { frames, bad } = await listen(id, text, receivedAt, listenPorts);
        if (!bad) return { frames, close: false };
        const limit = limits.get(id) ?? badMessageLimit(clock);
        limits.set(id, limit);
        return { frames, close: limit() === 'close' };
      },
      gone(id) {
        limits.delete(id);
        void connections.remove(id);
      },
    },
    sameOrigin,
    { now: clock.now, hosts },
  );

  /** One broadcaster at a time in this process; a second wish for the same broadcast joins the first. */
  const running = new Map<string, Promise<Outcome>>();
  function run(id: string): Promise<Outcome> {
    const already = running.get(id);
    if (already) return already;
    const ports = { ...shared, post: sockets.post, log, keepRecord: records.put };
    const playing = broadcast(id, randomUUID(), ports, closing.signal).finally(() => running.delete(id));
    running.set(id, playing);
    return playing;
  }

  const play: Station['play'] = async ({ window, startsAt, wanted, next, stopAt }) => {
    const id = broadcastId(window, startsAt);
    const already = running.get(id);
    if (already) return already;
    await broadcasts.schedule({ id, startsAt, wanted, next });
    await clock.sleepUntil(startsAt - DOORS_MS, closing.signal);
    const over = new AbortController();
    if (stopAt !== undefined) {
      const off = AbortSignal.any([over.signal, closing.signal]);
      const limit = async () => {
        await clock.sleepUntil(stopAt, off);
        log('broadcast.limit', { broadcast: id });
        await broadcasts.stop(id);
      };
      limit().catch(() => {});
    }
    const outcome = await run(id).finally(() => over.abort());
    log('broadcast.over', { broadcast: id, outcome });
    const played = outcome === 'ended' ? await broadcasts.get(id) : null;
    if (played?.performance) {
      await refreshed;
      // A full disk ends no station: everybody heard the music.
      await publish(played.performance, publishPorts, playingOf(played)).catch((error: unknown) =>
        log('publish.failed', { performance: played.performance ?? '', reason: String(error) }),
      );
    }
    return outcome;
  };

  return {
    url: siteUrl,
    performances,
    broadcasts,
    site,
    records,
    windows,
    listeners: sockets.open,
    onAir: () => running.size > 0,
    nextStart,
    composing(made) {
      being = made;
      void tellComposing();
    },
    play,
    runDaily: (ensure, signal) =>
      runWindows(
        { readWindows, broadcasts, clock, log, play, ensure, timeZone: config.timeZone },
        AbortSignal.any([signal, closing.signal]),
      ),
    async close() {
      closing.abort(new Error('the station closes'));
      sockets.close();
      await Promise.allSettled([refreshed, ...running.values()]);
      listening.close();
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
      stores.close();
    },
  };
}
