import { createRequire } from 'node:module';
import type { PingSample } from '../../web/listener/server-clock.ts';

/** Something that learns the server's clock from pings; all milliseconds. NaN: not yet. */
export type Estimator = { add(sample: PingSample): void; toServer(localMs: number): number };

/** What many pages do: the mean offset of five pings at the beginning, and never again. */
export function meanOfFive(): Estimator {
  const offsets: number[] = [];
  return {
    add({ sentAt, serverReceivedAt, serverSentAt, arrivedAt }) {
      if (offsets.length < 5) offsets.push((serverReceivedAt + serverSentAt - sentAt - arrivedAt) / 2);
    },
    toServer: (localMs) => localMs + offsets.reduce((sum, offset) => sum + offset, 0) / offsets.length,
  };
}

/** Pings that are looked back on: few enough that a clock's drift between them is less than what they err by. */
const LOOK_BACK = 10;

/** The other common one: of the last ten pings the half with the shortest way there and back, their mean offset. */
export function meanOfBestHalf(): Estimator {
  let last: { readonly offset: number; readonly tripMs: number }[] = [];
  return {
    add({ sentAt, serverReceivedAt, serverSentAt, arrivedAt }) {
      const tripMs = arrivedAt - sentAt - (serverSentAt - serverReceivedAt);
      const offset = (serverReceivedAt + serverSentAt - sentAt - arrivedAt) / 2;
      last = [...last, { offset, tripMs }].slice(-LOOK_BACK);
    },
    toServer(localMs) {
      const best = [...last].sort((a, b) => a.tripMs - b.tripMs).slice(0, Math.ceil(last.length / 2));
      return localMs + best.reduce((sum, { offset }) => sum + offset, 0) / best.length;
    },
  };
}

/** The part of @ircam/sync's client that is used here; it brings no types. Its times are seconds. */
type SyncClient = {
  pingId: number;
  timeoutId: NodeJS.Timeout;
  readonly status: string;
  start(send: () => void, receive: (pong: Pong) => void): void;
  getSyncTime(localS: number): number;
};
type Pong = (id: number, sentS: number, receivedS: number, serverSentS: number) => void;
const { SyncClient } = createRequire(import.meta.url)('@ircam/sync') as {
  SyncClient: new (now: () => number, options: object) => SyncClient;
};

/**
 * @ircam/sync's estimator on our pings. Its own plan sends ten pings every 10 to 20 s, 2,400 messages an hour in
 * each direction, so it is told of ours as if it had sent them.
 * @param series pings that it takes together, of which the quickest counts
 */
export function ircam(series: number): Estimator {
  let nowS = 0;
  let pong: Pong = () => {};
  const client = new SyncClient(() => nowS, { pingSeriesIterations: series });
  client.start(
    () => {},
    (receive) => {
      pong = receive;
    },
  );
  clearTimeout(client.timeoutId);
  return {
    add({ sentAt, serverReceivedAt, serverSentAt, arrivedAt }) {
      nowS = arrivedAt / 1000;
      pong(client.pingId, sentAt / 1000, serverReceivedAt / 1000, serverSentAt / 1000);
      // Its timer for the next ping, which it need not send.
      clearTimeout(client.timeoutId);
    },
    toServer: (localMs) =>
      client.status === 'startup' ? Number.NaN : client.getSyncTime(localMs / 1000) * 1000,
  };
}

/** The part of @sendspin/sendspin-js that is used here, which its package does not export by itself. Microseconds. */
type TimeFilter = {
  update(offsetUs: number, mostUs: number, localUs: number): void;
  computeServerTime(localUs: number): number;
  readonly is_synchronized: boolean;
};
const FILTER = new URL('core/time-filter.js', import.meta.resolve('@sendspin/sendspin-js'));
const { SendspinTimeFilter } = (await import(FILTER.href)) as {
  SendspinTimeFilter: new (...settings: number[]) => TimeFilter;
};
/** As its client has them: offset's and drift's own restlessness, forgetting, when a drift is believed. */
const SETTINGS = [0, 1.1, 2.0, 1e-12];
/** Half a round trip is never taken for less, microseconds. */
const LEAST_US = 1_000;

/**
 * The Kalman filter of Sendspin's client for browsers, of offset and drift, told of each of our pings. Its own plan sends
 * eight pings every 10 s, 5,760 messages an hour, of which it takes one.
 */
export function kalman(): Estimator {
  const filter = new SendspinTimeFilter(...SETTINGS);
  return {
    add({ sentAt, serverReceivedAt, serverSentAt, arrivedAt }) {
      const offset = (serverReceivedAt + serverSentAt - sentAt - arrivedAt) / 2;
      const most = (arrivedAt - sentAt - (serverSentAt - serverReceivedAt)) / 2;
      filter.update(1_000 * offset, Math.max(LEAST_US, 1_000 * most), 1_000 * arrivedAt);
    },
    toServer: (localMs) =>
      filter.is_synchronized ? filter.computeServerTime(1_000 * localMs) / 1_000 : Number.NaN,
  };
}
