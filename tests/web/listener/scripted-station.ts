/** A page of the product's own code, and a station that says only what a test lets it say; pings alone are answered by themselves. */
import { encodeFrame, type Frame, type Hello, parseRequest, type Request } from '../../../src/wire.ts';
import type { SocketEvents } from '../../../web/listener/connection.ts';
import { type Listener, listener } from '../../../web/listener/listener.ts';
import { siteClock } from '../../../web/listener/site-clock.ts';
import { liveHello } from '../../support/hello.ts';
import { virtualTime } from '../virtual-time.ts';

/** The station's clock, of which the page knows nothing. */
export const SERVER_OFFSET = 1_795_000_000_000;
const CHECK_MS = 500;

export type Said = { readonly at: number; readonly asks: Exclude<Request, { action: 'ping' }> };
export type ScriptedStation = {
  readonly page: Listener;
  readonly now: () => number;
  /** What the page has asked for but the time, each with when. */
  readonly said: readonly Said[];
  /** When it asked the time. */
  readonly pings: readonly number[];
  /** When it asked the site's clock. */
  readonly asks: readonly number[];
  /** What it has said to whoever looks into it. */
  readonly told: readonly string[];
  /** What the page has told of itself since this was read last. */
  changes(): string;
  /** Sockets that the page has opened. */
  readonly sockets: readonly SocketEvents[];
  readonly socket: SocketEvents;
  /** The socket opens. */
  open(): void;
  tell(frame: Frame): void;
  /** Tells of a broadcast, T0 in local time. */
  hello(parts?: Partial<Hello>): void;
  /** A chunk of one note, of broadcast "b" and epoch 1 unless said otherwise. */
  chunk(seq: number, parts?: { broadcast?: string; here?: number; epoch?: number }): void;
  /** Lets time pass, looking every half second as a page does. */
  run(toMs: number): void;
  /** From here on pings are swallowed, or answered by another clock. */
  answers: {
    offsetMs: number;
    silent: boolean;
    /** By how much the site's clock is off; null: there is no answer. It takes 10 ms. */
    siteOffMs: number | null;
  };
};

export function scriptedStation(): ScriptedStation {
  const time = virtualTime();
  const said: Said[] = [];
  const pings: number[] = [];
  const sockets: SocketEvents[] = [];
  const answers: ScriptedStation['answers'] = { offsetMs: SERVER_OFFSET, silent: false, siteOffMs: 0 };
  const asks: number[] = [];
  const told: string[] = [];
  let changes: string[] = [];
  let checkedMs = 0;
  const page = listener({
    now: time.now,
    timers: time,
    random: () => 0.5,
    onChange: (change) => changes.push(change),
    say: (text) => told.push(text),
    bringSiteClock: (use) =>
      use(siteClock, (_id, done) => {
        const [sentAt, off] = [time.now(), answers.siteOffMs];
        asks.push(sentAt);
        time.set(() => {
          const at = sentAt + 5 + SERVER_OFFSET + (off ?? 0);
          done(
            off === null
              ? null
              : { sentAt, serverReceivedAt: at, serverSentAt: at, arrivedAt: time.now(), fresh: false },
          );
        }, 10);
      }),
    open(events) {
      sockets.push(events);
      return {
        close() {},
        send(text) {
          const request = parseRequest(text);
          if (!request) throw new Error(`the page said ${text}`);
          if (request.action !== 'ping') return void said.push({ at: time.now(), asks: request });
          pings.push(time.now());
          if (answers.silent) return;
          const at = time.now() + 10 + answers.offsetMs;
          const pong = encodeFrame({ type: 'pong', id: request.id, receivedAt: at, sentAt: at });
          time.set(() => events.message(pong), 20);
        },
      };
    },
  });
  const tell = (frame: Frame) => sockets.at(-1)!.message(encodeFrame(frame));
  return {
    page,
    now: time.now,
    said,
    pings,
    sockets,
    answers,
    asks,
    told,
    tell,
    changes() {
      const all = changes.join(' ');
      changes = [];
      return all;
    },
    get socket() {
      return sockets.at(-1)!;
    },
    open: () => sockets.at(-1)!.opened(),
    hello({ t0, next, ...parts } = {}) {
      const onServer = (local: number | null | undefined) => (local == null ? null : local + SERVER_OFFSET);
      const times = { t0: onServer(t0), next: onServer(next), serverNow: time.now() + SERVER_OFFSET };
      tell(liveHello({ ...times, ...parts }));
    },
    chunk(seq, { broadcast = 'b', here = 1, epoch = 1 } = {}) {
      const fromMs = seq * 15_000;
      tell({
        ...{ type: 'chunk', seq, count: 1, broadcast, epoch, fromMs, toMs: fromMs + 15_000, here },
        ...{ state: { sounding: [], pedal: 0 }, notes: [[fromMs + 500, 400, 60, 64]], pedal: [] },
      });
    },
    run(toMs) {
      for (checkedMs += CHECK_MS; checkedMs <= toMs; checkedMs += CHECK_MS) {
        time.runTo(checkedMs);
        page.check();
      }
      checkedMs -= CHECK_MS;
      time.runTo(toMs);
    },
  };
}

export const WAITING = {
  broadcast: null,
  state: 'scheduled',
  performance: null,
  t0: null,
  durationMs: null,
} as const;
/** What it has asked for, and when. */
export const asked = ({ said }: ScriptedStation) => said.map(({ at, asks }) => [at, asks.action]);

/** A page whose clock is set, one second after its first word. */
export function connected(parts: Parameters<ScriptedStation['hello']>[0] = WAITING): ScriptedStation {
  const station = scriptedStation();
  station.open();
  station.hello(parts);
  station.run(1_000);
  station.changes();
  return station;
}
/** A page in mid-performance, T0 a second before it came, with so many chunks in hand. */
export function listening(chunks: number, durationMs: number | null = 600_000): ScriptedStation {
  const station = connected({ t0: -1_000, durationMs });
  for (let seq = 0; seq < chunks; seq++) station.chunk(seq);
  return station;
}
