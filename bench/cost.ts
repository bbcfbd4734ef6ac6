import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { DOORS_MS } from '../src/schedule.ts';
import { type BroadcastCalls, broadcastCalls } from './cost/broadcast-calls.ts';
import { pingsOf } from './cost/listener.ts';
import { PRICES, PRICES_DATE } from './cost/prices.ts';

/**
 * What a performance costs. Calls are counted: a broadcast really runs against counting ports, and a page's pings
 * come from the page's own rule. Billed times of functions are assumptions, named below.
 */
const MINUTES = 8;
/** Assumed, not measured on Lambda: billed milliseconds of an answered ping, of a join, of connect and disconnect. */
const ASSUMED_MS = { ping: 6, join: 80, connect: 3, disconnect: 10, compose: 90_000, idleCompose: 400 };
/** Instances of `message` that a thousand listeners keep busy; each asks once a second what plays, and for the lease. */
const MESSAGE_INSTANCES_PER_1000 = 2;
const CONNECTION_ROW_BYTES = 100;
const BROADCAST_ROW_BYTES = 400;
/** A log line of Lambda's own (START, END, REPORT), bytes; a metric line of ours is as long. */
const LOG_BYTES = 500;
/** Distinct metrics that are sent, each within an hour or two of a day. */
const METRICS = 12;
const METRIC_HOURS_A_DAY = 2;
const ALARMS = 6;
const DAYS_A_MONTH = 365 / 12;

type Stack = {
  functions: Record<string, { memorySize: number | string }>;
  params: { default: { broadcastMemory: number } };
};

export async function run(): Promise<object> {
  const stack = parse(readFileSync('serverless.yml', 'utf8')) as Stack;
  const memory = (name: string): number => {
    const { memorySize } = stack.functions[name]!;
    return (typeof memorySize === 'number' ? memorySize : stack.params.default.broadcastMemory) / 1024;
  };
  const [ten, thousand] = [
    await broadcastCalls(10, MINUTES * 60_000),
    await broadcastCalls(1_000, MINUTES * 60_000),
  ];
  const scaled = (calls: BroadcastCalls, from: number, to: number): BroadcastCalls => ({
    ...calls,
    posts: (calls.posts / from) * to,
    postedBytes: (calls.postedBytes / from) * to,
  });
  const at10 = price(10, ten, memory);
  const at100 = price(100, scaled(ten, 10, 100), memory);
  const at1000 = price(1_000, thousand, memory);
  const at100000 = price(100_000, scaled(thousand, 1_000, 100_000), memory);
  const standingUsdPerMonth =
    ALARMS * PRICES.alarmMonth + (METRICS * PRICES.metricMonth * METRIC_HOURS_A_DAY) / 24;
  return {
    priceTable: PRICES_DATE,
    region: 'us-east-1',
    minutes: MINUTES,
    usdPerPerformance10: at10.usd,
    usdPerPerformance1000: at1000.usd,
    usdPerPerformance100000: at100000.usd,
    usdPerYear100: round(365 * at100.usd + 12 * standingUsdPerMonth),
    usdPerYearStanding: round(12 * standingUsdPerMonth),
    parts1000: at1000.parts,
    counted1000: { ...thousand, pings: at1000.pings },
    cloudFrontGb1000: at1000.gigabytes,
    cloudFrontUsd1000BeyondTheFreeTerabyte: round(at1000.gigabytes * PRICES.cloudFrontGb),
    assumedBilledMs: ASSUMED_MS,
    daysAMonth: round(DAYS_A_MONTH),
  };
}

function price(listeners: number, calls: BroadcastCalls, memory: (name: string) => number) {
  const stayMs = DOORS_MS + MINUTES * 60_000;
  const pings = pingsOf(0, stayMs) * listeners;
  const requests = pings + 3 * listeners;
  // Ping and pong; join and its answer of hello and, on an average visit, one frame of chunks.
  const messages = calls.posts + 2 * pings + 3 * listeners;
  const seconds = {
    // A crowd beyond what one broadcaster posts in a chunk's time is divided among several.
    broadcast: calls.seconds * Math.max(1, Math.ceil(listeners / 9_000)) * memory('broadcast'),
    message: ((pings * ASSUMED_MS.ping + listeners * ASSUMED_MS.join) / 1000) * memory('message'),
    doors: ((listeners * (ASSUMED_MS.connect + ASSUMED_MS.disconnect)) / 1000) * memory('connect'),
    compose: ((ASSUMED_MS.compose + 23 * ASSUMED_MS.idleCompose) / 1000) * memory('compose'),
  };
  const gbSeconds = Object.values(seconds).reduce((a, b) => a + b);
  const rowUnits = (rows: number, bytes: number, unit: number) =>
    Math.max(1, Math.ceil((rows * bytes) / unit));
  const looks = Math.ceil((stayMs / 1000) * Math.max(1, (listeners / 1000) * MESSAGE_INSTANCES_PER_1000));
  const readUnits =
    calls.reads +
    calls.listings * rowUnits(listeners, CONNECTION_ROW_BYTES, 8_192) +
    looks * rowUnits(10, BROADCAST_ROW_BYTES, 4_096) +
    // How many listen, counted by each instance every 15 s.
    (looks / 15) * rowUnits(listeners, CONNECTION_ROW_BYTES, 8_192);
  const writeUnits = calls.writes + 2 * listeners;
  const logBytes = (requests + 60) * LOG_BYTES;
  const parts = {
    gatewayMessages: messages * PRICES.gatewayMessage,
    ofWhichPings: 2 * pings * PRICES.gatewayMessage,
    gatewayConnections: ((listeners * stayMs) / 60_000) * PRICES.gatewayConnectionMinute,
    lambdaRequests: (requests + 30) * PRICES.lambdaRequest,
    lambdaTime: gbSeconds * PRICES.lambdaGbSecond,
    dynamo: readUnits * PRICES.dynamoReadUnit + writeUnits * PRICES.dynamoWriteUnit,
    // Composed, booked, published; the schedule is told by the hour; read by the broadcaster and by instances.
    s3: (8 + 24 * 2) * PRICES.s3Put + (60 + looks / 60) * PRICES.s3Get,
    scheduler: 26 * PRICES.schedulerInvocation,
    logs: (logBytes / 2 ** 30) * PRICES.logsGb,
  };
  const { ofWhichPings, ...sum } = parts;
  return {
    usd: round(Object.values(sum).reduce((a, b) => a + b)),
    parts: Object.fromEntries(
      Object.entries({ ...sum, ofWhichPings }).map(([name, usd]) => [name, round(usd)]),
    ),
    pings,
    gigabytes: round(calls.postedBytes / 2 ** 30),
  };
}

const round = (value: number): number => Number(value.toPrecision(3));
