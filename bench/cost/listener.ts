import { setImmediate } from 'node:timers/promises';
import { DOORS_MS } from '../../src/schedule/index.ts';
import { encodeFrame, parseFrame, parseRequest } from '../../src/wire.ts';
import { virtualTime } from '../../tests/web/virtual-time.ts';
import type { SocketEvents } from '../../web/listener/connection.ts';
import { fetcher } from '../../web/listener/fetcher.ts';
import { listener } from '../../web/listener/listener.ts';
import { siteClock as makeSiteClock } from '../../web/listener/site-clock.ts';
import { type Posted, T0 } from './broadcast-calls.ts';

/** One way, and the page looks after itself once a second. */
const WAY_MS = 20;
const CHECK_MS = 1_000;

/** What one page sent and was sent. */
export type ListenerCalls = {
  readonly pings: number;
  /** To the site's clock, over HTTP. */
  readonly asks: number;
  /** Files of the site with music in them. */
  readonly fetches: number;
  /** Joins and resumes. */
  readonly joins: number;
  /** Messages of the websocket to the page: what was posted, and all answers. */
  readonly downstream: number;
};

/**
 * One page that is there from doors to the end: the page's own code, over a websocket and a clock of ours, given the frames that
 * a broadcaster really posted.
 */
export async function listenerCalls(
  posted: readonly Posted[],
  durationMs: number,
  siteClock: boolean,
  files: ReadonlyMap<string, string> = new Map(),
): Promise<ListenerCalls> {
  const time = virtualTime();
  const serverNow = () => T0 - DOORS_MS + time.now();
  const counted = { pings: 0, asks: 0, fetches: 0, joins: 0, downstream: 0 };
  let wire: SocketEvents | null = null;
  let heard = posted[0]!.frame;
  const say = (text: string) => {
    counted.downstream++;
    time.set(() => wire?.message(text), WAY_MS);
  };
  const answer = (text: string) => {
    const request = parseRequest(text);
    const at = serverNow();
    if (request?.action === 'ping') {
      counted.pings++;
      say(encodeFrame({ type: 'pong', id: request.id, receivedAt: at, sentAt: at }));
    } else {
      counted.joins++;
      const hello = parseFrame(heard);
      if (hello?.type !== 'hello') throw new Error('the broadcaster began without a hello');
      say(encodeFrame({ ...hello, serverNow: at, ...(siteClock ? { clock: true } : {}) }));
    }
  };
  const page = listener({
    now: time.now,
    timers: time,
    random: () => 0.5,
    onChange() {},
    open(events) {
      wire = events;
      time.set(events.opened, WAY_MS);
      return { send: (text) => void time.set(() => answer(text), WAY_MS), close() {} };
    },
    bringFetcher: (use) =>
      use(fetcher, async (path) => {
        counted.fetches++;
        return JSON.parse(files.get(path) ?? 'null');
      }),
    bringSiteClock: (use) =>
      use(makeSiteClock, (_id, done) => {
        counted.asks++;
        const sentAt = time.now();
        time.set(() => {
          const at = serverNow();
          time.set(() => {
            const arrivedAt = time.now();
            done({ sentAt, serverReceivedAt: at, serverSentAt: at, arrivedAt, fresh: false });
          }, WAY_MS / 2);
        }, WAY_MS / 2);
      }),
  });
  for (const { atMs, frame } of posted)
    time.set(() => {
      if (parseFrame(frame)?.type === 'hello') heard = frame;
      say(frame);
    }, atMs);
  for (let at = 0; at <= DOORS_MS + durationMs; at += CHECK_MS) {
    time.runTo(at);
    page.check();
    // What was fetched is taken in.
    await setImmediate();
  }
  return counted;
}
