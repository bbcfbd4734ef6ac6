import { randomUUID } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { filePerformances, fileSite } from './adapters/files.ts';
import { type Asset, listenOn, pageServer, sameOrigin } from './adapters/http.ts';
import { memoryBroadcasts, memoryConnections } from './adapters/memory.ts';
import { systemClock } from './adapters/system-clock.ts';
import { serveSockets } from './adapters/ws.ts';
import { broadcast, type Outcome } from './broadcast.ts';
import { badMessageLimit, type ListenPorts, listen } from './listen.ts';
import type { Broadcasts, Clock, Log, Performances, Site } from './ports.ts';
import { publish } from './publish.ts';
import { dateIn, nextDaily } from './schedule.ts';
import { timelines } from './timelines.ts';

export type StationConfig = {
  /** Where performances and the public site are kept. */
  readonly dataDir: string;
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  /** What the page consists of, by URL path. */
  readonly assets: ReadonlyMap<string, Asset>;
  readonly timeZone: string;
  /** `HH:MM`, every day. */
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
  /** Plans and plays one broadcast, publishes what was played, and tells how it ended. */
  play(plan: { window: string; startsAt: number; wanted: string; next: number | null }): Promise<Outcome>;
  /** Plays every day at the station's time, composing before, until aborted. */
  runDaily(ensure: (date: string) => Promise<void>, signal: AbortSignal): Promise<never>;
  close(): Promise<void>;
};

/** Doors open, and the day's performance is composed, this long before T0. */
const DOORS_MS = 5 * 60_000;

export async function openStation(config: StationConfig): Promise<Station> {
  const { log, clock = systemClock } = config;
  await mkdir(join(config.dataDir, 'site'), { recursive: true });
  const performances = filePerformances(join(config.dataDir, 'performances'));
  const site = fileSite(join(config.dataDir, 'site'));
  const broadcasts = memoryBroadcasts();
  const connections = memoryConnections();
  const server = pageServer(config.assets, join(config.dataDir, 'site'));
  const port = await listenOn(server, config.port, config.host);
  const closing = new AbortController();

  const shared = { broadcasts, performances, connections, clock, timelines: timelines(performances) };
  const listenPorts: ListenPorts = {
    ...shared,
    nextStart: () => nextDaily(config.timeOfDay, config.timeZone, clock.now()),
    wake: (id) => void run(id),
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
  );

  /** One broadcaster at a time in this process; a second wish for the same broadcast joins the first. */
  const running = new Map<string, Promise<Outcome>>();
  function run(id: string): Promise<Outcome> {
    const already = running.get(id);
    if (already) return already;
    const ports = { ...shared, post: sockets.post, log };
    const playing = broadcast(id, randomUUID(), ports, closing.signal).finally(() => running.delete(id));
    running.set(id, playing);
    return playing;
  }

  const play: Station['play'] = async ({ window, startsAt, wanted, next }) => {
    const id = `${window}@${new Date(startsAt).toISOString()}`;
    await broadcasts.schedule({ id, startsAt, wanted, next });
    await clock.sleepUntil(startsAt - DOORS_MS, closing.signal);
    const outcome = await run(id);
    log('broadcast.over', { broadcast: id, outcome });
    const played = (await broadcasts.get(id))?.performance;
    if (played && outcome === 'ended') await publish(played, { performances, site });
    return outcome;
  };

  return {
    url: `http://${config.host === '127.0.0.1' ? 'localhost' : config.host}:${port}`,
    performances,
    broadcasts,
    site,
    play,
    async runDaily(ensure, signal) {
      for (;;) {
        signal.throwIfAborted();
        const startsAt = nextDaily(config.timeOfDay, config.timeZone, clock.now());
        const wanted = dateIn(config.timeZone, startsAt);
        const next = nextDaily(config.timeOfDay, config.timeZone, startsAt);
        const composed = clock.sleepUntil(startsAt - DOORS_MS, signal).then(() => ensure(wanted));
        await Promise.all([composed, play({ window: 'daily', startsAt, wanted, next })]);
      }
    },
    async close() {
      closing.abort(new Error('the station closes'));
      sockets.close();
      await Promise.allSettled(running.values());
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
