/**
 * What an evening on AWS costs: calls times list prices, without standing costs and free tiers. Calls of a broadcast
 * can be counted (bench/cost.ts does) or estimated from its length; billed times of functions are assumptions.
 */

import { partsFor } from '../broadcast/crowd.ts';
import { chunksTogether } from '../broadcast/due.ts';
import { FILE_CHUNKS } from '../broadcast/fetching/fetched.ts';
import { crowdOf } from '../broadcast/fetching/site-chunks.ts';
import { CHUNK_MS } from '../music/timeline.ts';
import { DOORS_MS } from '../schedule/index.ts';
import { PRICES } from './prices.ts';

/** What one broadcast asks of the world. */
export type BroadcastCalls = {
  readonly posts: number;
  readonly postedBytes: number;
  readonly listings: number;
  readonly reads: number;
  readonly writes: number;
  readonly seconds: number;
};
export type CostedFunction = 'broadcast' | 'message' | 'connect' | 'compose';
export type Evening = {
  readonly listeners: number;
  readonly durationMs: number;
  readonly calls: BroadcastCalls;
  /** Of one listener who stays from doors to the end. */
  readonly pings: number;
  /** Questions to the site's clock of one such listener; 0 where it has none. */
  readonly asks: number;
  /** Files of the site that one such listener fetches; 0 where music is posted. */
  readonly fetches?: number;
  /** Of such a file, compressed. */
  readonly fileBytes?: number;
  /** Memory of the functions, GB. */
  readonly memory: Readonly<Record<CostedFunction, number>>;
};

/** Assumed, not measured on Lambda: billed milliseconds of an answered ping, of a join, of connect and disconnect. */
export const ASSUMED_MS = {
  ping: 6,
  join: 80,
  connect: 3,
  disconnect: 10,
  compose: 90_000,
  idleCompose: 400,
};
/** Instances of `message` that a thousand listeners keep busy; each asks once a second what plays, and for the lease. */
const MESSAGE_INSTANCES_PER_1000 = 2;
/** As serverless.yml sets them: listeners of one broadcaster, and the most that there can be. */
export const CROWD = { listenersEach: 10_000, partsAtMost: 16 };
/** A helper looks at the row and at the lease each second. */
const HELPER_READS_A_SECOND = 2;
export const CONNECTION_ROW_BYTES = 100;
const BROADCAST_ROW_BYTES = 400;
/** Functions count how many listen every 15 s, and less often from a thousand on (lambda/message.ts). */
const COUNTED_EVERY_S = 15;
/** A log line of Lambda's own (START, END, REPORT), bytes; a metric line of ours is as long. What listeners send is logged where it failed. */
export const LOG_BYTES = 500;
/** An answer of the site's clock, headers and all. */
const CLOCK_BYTES = 400;
/** Places of CloudFront that ask the bucket for a file: its regional caches, and some more that miss at once. An assumption. */
const ORIGIN_GETS = 50;
/** Headers of a file that is fetched. */
const FILE_HEADER_BYTES = 600;

/** In US dollars, whole and by parts; `pings` is a part of the gateway's messages. */
export function eveningCost({
  listeners,
  durationMs,
  calls,
  pings: pingsEach,
  asks: asksEach,
  fetches: fetchesEach = 0,
  fileBytes = 0,
  memory,
}: Evening) {
  const stayMs = DOORS_MS + durationMs;
  const pings = pingsEach * listeners;
  const asks = asksEach * listeners;
  const fetches = fetchesEach * listeners;
  const requests = pings + 3 * listeners;
  // Ping and pong; join and its answer of hello and, on an average visit, one frame of chunks.
  const messages = calls.posts + 2 * pings + 3 * listeners;
  const broadcasters = partsFor(listeners, CROWD);
  const gbSeconds =
    calls.seconds * broadcasters * memory.broadcast +
    ((pings * ASSUMED_MS.ping + listeners * ASSUMED_MS.join) / 1000) * memory.message +
    ((listeners * (ASSUMED_MS.connect + ASSUMED_MS.disconnect)) / 1000) * memory.connect +
    ((ASSUMED_MS.compose + 23 * ASSUMED_MS.idleCompose) / 1000) * memory.compose;
  const rowUnits = (rows: number, bytes: number, unit: number) =>
    Math.max(1, Math.ceil((rows * bytes) / unit));
  // Listeners lie in as many partitions as there may be parts, and reading an empty one costs half a unit.
  const listing = Math.max(CROWD.partsAtMost / 2, rowUnits(listeners, CONNECTION_ROW_BYTES, 8_192));
  const looks = Math.ceil((stayMs / 1000) * Math.max(1, (listeners / 1000) * MESSAGE_INSTANCES_PER_1000));
  const readUnits =
    calls.reads +
    calls.listings * listing +
    // Counted every 15 s to see whether they are to be divided, and by each instance of `message` as well.
    (calls.seconds / COUNTED_EVERY_S) * listing +
    (looks / (COUNTED_EVERY_S * Math.max(1, listeners / 1000))) * listing +
    (broadcasters - 1) * calls.seconds * HELPER_READS_A_SECOND +
    looks * rowUnits(10, BROADCAST_ROW_BYTES, 4_096);
  const writeUnits = calls.writes + 2 * listeners;
  const parts = {
    gatewayMessages: messages * PRICES.gatewayMessage,
    gatewayConnections: ((listeners * stayMs) / 60_000) * PRICES.gatewayConnectionMinute,
    lambdaRequests: (requests + 30) * PRICES.lambdaRequest,
    lambdaTime: gbSeconds * PRICES.lambdaGbSecond,
    dynamo: readUnits * PRICES.dynamoReadUnit + writeUnits * PRICES.dynamoWriteUnit,
    // Composed, booked, published with its pages and pictures; the schedule is told by the hour; read by the
    // broadcaster and by instances.
    s3: (16 + 24 * 2) * PRICES.s3Put + (60 + looks / 60) * PRICES.s3Get,
    scheduler: 26 * PRICES.schedulerInvocation,
    logs: ((60 * LOG_BYTES) / 2 ** 30) * PRICES.logsGb,
    // Each file is written once; that there are so many is known by what one listener fetches.
    files: fetches * PRICES.cloudFrontRequest + fetchesEach * (PRICES.s3Put + ORIGIN_GETS * PRICES.s3Get),
    siteClock: asks * (PRICES.cloudFrontRequest + PRICES.cloudFrontFunction),
  };
  const ping =
    2 * PRICES.gatewayMessage +
    PRICES.lambdaRequest +
    (ASSUMED_MS.ping / 1000) * memory.message * PRICES.lambdaGbSecond;
  return {
    usd: Object.values(parts).reduce((a, b) => a + b),
    parts,
    /** Messages, calls and their time. */
    ofWhichPingsUsd: pings * ping,
    pings,
    asks,
    fetches,
    gigabytes: (calls.postedBytes + asks * CLOCK_BYTES + fetches * (fileBytes + FILE_HEADER_BYTES)) / 2 ** 30,
  };
}

/** Frames beside the chunks: hellos as the state changes, and the end. */
const OTHER_FRAMES = 4;
const BYTES_A_FRAME = 2_700;
/** A file of eight chunks, compressed (`npm run bench -- cost` has the measured one). */
const BYTES_A_FILE = 4_300;
const LEASE_RENEWED_S = 5;
/** Before T0 the first chunk comes, which brings pages to ping again and to ask: with more in a frame later, but not later than they wait. */
const FIRST_CHUNK_MS = 120_000;
const WAIT_AT_MOST_MS = 20_000;
/** The page's own rule (web/listener/pinger.ts): a burst, then every 12 s, then a trickle. */
const PINGS_AT_FIRST = 14;
const SETTLED_MS = 108_000;
const PING_GAP_MS = 50_000;
/** And with the site's clock: a burst and four that settle it, then where nothing is heard after the last chunk, and as a check. */
const AIDED_PINGS = 10;
const AIDED_SETTLED_MS = 48_000;
const CHECK_GAP_MS = 600_000;
/** Questions to the site's clock (web/listener/site-clock.ts), until all chunks are there. */
const ASKS_AT_FIRST = 2;
const ASKED_MS = 12_000;
const ASK_GAP_MS = 55_000;
/** What a broadcaster reckons with, and as serverless.yml sizes the functions. */
const POSTS_PER_SECOND = 2_000;
/** As serverless.yml sets the station's rate: more listeners than this fetch. */
const POSTED_TO = crowdOf(1_500);
const MEMORY = { broadcast: 0.5, message: 0.5, connect: 0.25, compose: 1.75 };

/** Of one listener, from doors to the end. */
function clockCalls(
  durationMs: number,
  siteClock: boolean,
  together: number,
): { pings: number; asks: number } {
  const nearMs = durationMs + FIRST_CHUNK_MS - Math.min(WAIT_AT_MOST_MS, (together - 1) * CHUNK_MS);
  const times = (ms: number, gapMs: number) => Math.max(0, Math.floor(ms / gapMs));
  if (!siteClock) return { pings: PINGS_AT_FIRST + times(nearMs - SETTLED_MS, PING_GAP_MS), asks: 0 };
  const askedMs = nearMs - FIRST_CHUNK_MS - CHUNK_MS;
  return {
    pings: AIDED_PINGS + times(nearMs - AIDED_SETTLED_MS, CHECK_GAP_MS),
    asks: ASKS_AT_FIRST + times(askedMs - ASKED_MS, ASK_GAP_MS),
  };
}

/**
 * An estimate in US dollars from what is known afterwards.
 * @param listeners the most at once
 * @param siteClock whether pages may ask CloudFront what time it is
 */
export function estimatedCost(listeners: number, durationMs: number, siteClock: boolean): number {
  const seconds = (DOORS_MS + durationMs) / 1000;
  const together = chunksTogether(listeners, POSTS_PER_SECOND);
  const chunks = durationMs / CHUNK_MS;
  const fetches = listeners > POSTED_TO ? Math.ceil(chunks / FILE_CHUNKS) : 0;
  const frames = OTHER_FRAMES + (fetches > 0 ? 0 : Math.ceil(chunks / together));
  const calls = {
    posts: frames * listeners,
    postedBytes: frames * listeners * BYTES_A_FRAME,
    listings: frames,
    reads: seconds,
    writes: seconds / LEASE_RENEWED_S,
    seconds,
  };
  const clock = clockCalls(durationMs, siteClock, together);
  const files = { fetches, fileBytes: BYTES_A_FILE };
  return eveningCost({ listeners, durationMs, calls, ...clock, ...files, memory: MEMORY }).usd;
}
