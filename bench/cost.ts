import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { ASSUMED_MS, type BroadcastCalls, type CostedFunction, eveningCost } from '../src/publish/cost.ts';
import { PRICES, PRICES_DATE } from '../src/publish/prices.ts';
import { DOORS_MS } from '../src/schedule/index.ts';
import { broadcastCalls } from './cost/broadcast-calls.ts';
import { alarmedAfterS, floodUsdPerHour } from './cost/flood.ts';
import { pingsOf } from './cost/listener.ts';
import { stackRates } from './cost/stack-rates.ts';

/**
 * What a performance costs. Calls are counted: a broadcast really runs against counting ports, and a page's pings
 * come from the page's own rule. Billed times of functions are assumptions, named below.
 */
const MINUTES = 8;
/** Distinct metrics that are sent, each within an hour or two of a day. */
const METRICS = 12;
const METRIC_HOURS_A_DAY = 2;
const ALARMS = 8;
const DAYS_A_MONTH = 365 / 12;

type Stack = {
  functions: Record<string, { memorySize: number | string }>;
  params: { default: { broadcastMemory: number } };
};

export async function run(): Promise<object> {
  const stack = parse(readFileSync('serverless.yml', 'utf8')) as Stack;
  const memory = (name: CostedFunction): number => {
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
    flood: flood(),
    assumedBilledMs: ASSUMED_MS,
    daysAMonth: round(DAYS_A_MONTH),
  };
}

/** The most that strangers can make it cost, an hour, and what of it is spent on pings before the alarm goes off. */
function flood() {
  const { rates, memory, alarm } = stackRates();
  const usdPerHour = floodUsdPerHour(rates, memory);
  const alarmed = alarmedAfterS(rates, alarm);
  return {
    ratesASecond: rates,
    usdPerHour: Object.fromEntries(Object.entries(usdPerHour).map(([kind, usd]) => [kind, round(usd)])),
    pingsAlarmedAfterS: alarmed,
    pingsUsdUntilThen: alarmed === null ? null : round((usdPerHour.pings * alarmed) / 3_600),
  };
}

function price(listeners: number, calls: BroadcastCalls, memory: (name: CostedFunction) => number) {
  const durationMs = MINUTES * 60_000;
  const evening = eveningCost({
    listeners,
    durationMs,
    calls,
    pings: pingsOf(0, DOORS_MS + durationMs),
    memory: {
      broadcast: memory('broadcast'),
      message: memory('message'),
      connect: memory('connect'),
      compose: memory('compose'),
    },
  });
  const parts = { ...evening.parts, ofWhichPings: evening.ofWhichPingsUsd };
  return {
    usd: round(evening.usd),
    parts: Object.fromEntries(Object.entries(parts).map(([name, usd]) => [name, round(usd)])),
    pings: evening.pings,
    gigabytes: round(evening.gigabytes),
  };
}

const round = (value: number): number => Number(value.toPrecision(3));
