import { chunkFrame, chunkFrames, dueSeq, seqAt } from '../../src/broadcast/frames.ts';
import type { Timeline } from '../../src/music/timeline.ts';
import { encodeFrame, type Hello, PROTOCOL, parseRequest } from '../../src/wire.ts';
import { virtualTime } from '../../tests/web/virtual-time.ts';
import type { SocketEvents } from '../../web/listener/connection.ts';
import { listener } from '../../web/listener/listener.ts';
import { BURST_PINGS } from '../../web/listener/pinger.ts';
import type { PingSample } from '../../web/listener/server-clock.ts';
import { siteClock } from '../../web/listener/site-clock.ts';
import { edge } from './edge.ts';
import { lambdaDelay, path } from './path.ts';
import { type Estimator, ircam, kalman, meanOfBestHalf, meanOfFive } from './peers.ts';

/** True time of T0, epoch milliseconds: what the station's clock shows. */
const T0 = 1_795_000_000_000;
export const LENGTH_MS = 900_000;
/** Errors are read this often, from the first note on. */
export const READ_EVERY_MS = 5_000;
/** Pages open within the last minute before the music begins. */
const EARLY_MS = 60_000;
/** Clocks drift by as much, either way, parts per million. */
const DRIFT_PPM = 40;
/** Tasks of a page that is not seen, and not heard yet, wait for the next whole minute: Chromium's strictest. */
const HIDDEN_EVERY_MS = 60_000;

export const ESTIMATORS = [
  'pianola',
  'ircamSync',
  'ircamSyncEachPing',
  'meanOfFive',
  'meanOfBestHalf',
  'sendspinKalman',
] as const;
export type Errors = Record<(typeof ESTIMATORS)[number], number[]>;
export type Visit = {
  /** Estimated less true server time, one a reading. */
  readonly errors: Errors;
  readonly asymmetryMs: number;
  /** Of the websocket, both ways, and of these those to the page. */
  readonly messages: number;
  readonly downstream: number;
  /** Questions to the site's clock. */
  readonly asks: number;
  readonly seconds: number;
};

export type Station = {
  /** The server notes a ping before its function starts, not after. */
  readonly gatewayStamp: boolean;
  /** By how much the site's clocks are off, either way, ms; null: the site has none. */
  readonly siteOffMs: number | null;
  /** For how long the site keeps a connection without a question, ms; a minute where not given. */
  readonly siteKeptMs?: number;
  /** Clocks drift by up to this, either way, parts per million; 40 where not given. */
  readonly driftPpm?: number;
  /** The page is open in the background. */
  readonly hidden?: boolean;
};

/** One page's quarter of an hour: the page's own connection, pings and clock, on a path and with a clock of its own. */
export function visit(
  music: Timeline,
  random: () => number,
  { gatewayStamp, siteOffMs, siteKeptMs, driftPpm = DRIFT_PPM, hidden = false }: Station,
): Visit {
  const openedAt = T0 - random() * EARLY_MS;
  const time = virtualTime(openedAt);
  const way = path(random);
  const drift = 1e-6 * driftPpm * (2 * random() - 1);
  const shift = random() * 1e7;
  const local = () => shift + (time.now() - openedAt) * (1 + drift);

  let messages = 0;
  let downstream = 0;
  let asks = 0;
  let arrivedUp = 0;
  let arrivedDown = 0;
  let posting: SocketEvents | null = null;
  const sentAt = new Map<number, number>();
  const errors = Object.fromEntries(ESTIMATORS.map((name): [string, number[]] => [name, []])) as Errors;
  const peers: Record<Exclude<keyof Errors, 'pianola'>, Estimator> = {
    ircamSync: ircam(BURST_PINGS),
    ircamSyncEachPing: ircam(1),
    meanOfFive: meanOfFive(),
    meanOfBestHalf: meanOfBestHalf(),
    sendspinKalman: kalman(),
  };

  /** A websocket keeps the order: what is held up holds up what follows. */
  const down = (to: SocketEvents, text: string, then = () => {}) => {
    messages++;
    downstream++;
    arrivedDown = Math.max(arrivedDown, time.now() + way.down());
    time.set(() => {
      then();
      to.message(text);
    }, arrivedDown - time.now());
  };
  const hello = (): string =>
    encodeFrame({
      type: 'hello',
      protocol: PROTOCOL,
      broadcast: 'b',
      state: time.now() < T0 ? 'doors' : 'live',
      performance: '2026-11-21',
      title: null,
      encore: false,
      epoch: 1,
      t0: T0,
      durationMs: LENGTH_MS,
      serverNow: Math.round(time.now()),
      next: null,
      ...(siteOffMs === null ? {} : { clock: true }),
    } satisfies Hello);
  const frame = { broadcast: 'b', epoch: 1, here: 1 };

  const ping = (to: SocketEvents, id: number) => {
    const reachedAt = time.now();
    time.set(() => {
      const sent = Math.round(time.now());
      const received = gatewayStamp ? Math.round(reachedAt) : sent;
      const text = encodeFrame({ type: 'pong', id, receivedAt: received, sentAt: sent });
      down(to, text, () => {
        const sample: PingSample = {
          sentAt: sentAt.get(id)!,
          serverReceivedAt: received - T0,
          serverSentAt: sent - T0,
          arrivedAt: local(),
        };
        for (const peer of Object.values(peers)) peer.add(sample);
      });
    }, lambdaDelay(random));
  };
  const take = (to: SocketEvents, text: string) => {
    const request = parseRequest(text);
    if (request?.action === 'ping') return ping(to, request.id);
    time.set(() => {
      down(to, hello());
      const at = time.now() - T0;
      const after = request?.action === 'resume' ? request.after : -1;
      for (const text of chunkFrames(music, Math.max(seqAt(at), after + 1), dueSeq(music, at), frame))
        down(to, text);
      posting = to;
    }, lambdaDelay(random));
  };

  const world = { random, now: time.now, local, after: time.set };
  const askEdge = edge(siteOffMs ?? 0, world, siteKeptMs);
  const wholeMinute = (at: number) =>
    openedAt + HIDDEN_EVERY_MS * Math.ceil((at - openedAt) / HIDDEN_EVERY_MS);
  const page = listener({
    bringSiteClock: (use) =>
      use(siteClock, (_id, done) => {
        asks++;
        askEdge(done);
      }),
    now: local,
    timers: hidden
      ? {
          set: (task, ms) => time.set(task, wholeMinute(time.now() + ms) - time.now()),
          clear: time.clear,
        }
      : time,
    random,
    onChange() {},
    open(events) {
      posting = null;
      time.set(events.opened, 3 * (way.up() + way.down()));
      return {
        send(text) {
          messages++;
          const request = parseRequest(text);
          if (request?.action === 'ping') sentAt.set(request.id, local());
          arrivedUp = Math.max(arrivedUp, time.now() + way.up());
          time.set(() => take(events, text), arrivedUp - time.now());
        },
        close() {},
      };
    },
  });

  let posted = dueSeq(music, openedAt - T0);
  let live = false;
  let read = 0;
  for (let now = openedAt; now < T0 + LENGTH_MS; now += 100) {
    time.runTo(now);
    const to = posting as SocketEvents | null;
    for (; posted < dueSeq(music, now - T0); posted++)
      if (to) down(to, encodeFrame(chunkFrame(music.stretch(posted + 1, 1), frame)));
    if (now < T0) continue;
    if (!live && to) down(to, hello());
    live = true;
    page.clock.startSlewing();
    page.serverNow();
    if (Math.round(now - openedAt) % 1_000 < 100) page.check();
    if (now - T0 < read * READ_EVERY_MS) continue;
    read++;
    errors.pianola.push((page.serverNow() ?? Number.NaN) - now);
    for (const [name, peer] of Object.entries(peers))
      errors[name as keyof Errors].push(peer.toServer(local()) - (now - T0));
  }
  return {
    errors,
    asymmetryMs: way.asymmetryMs,
    messages,
    downstream,
    asks,
    seconds: (T0 + LENGTH_MS - openedAt) / 1000,
  };
}
