import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { parse } from 'yaml';
import { FILE_CHUNKS } from '../src/broadcast/fetching/fetched.ts';
import { fileFrames } from '../src/broadcast/fetching/site-chunks.ts';
import { readMidiFile } from '../src/music/midi/file.ts';
import { timeline } from '../src/music/timeline.ts';
import { ASSUMED_MS, type BroadcastCalls, type CostedFunction, eveningCost } from '../src/publish/cost.ts';
import { PRICES, PRICES_DATE } from '../src/publish/prices.ts';
import { DOORS_MS } from '../src/schedule/index.ts';
import { broadcastCalls } from './cost/broadcast-calls.ts';
import { alarmedAfterS, floodUsdPerHour } from './cost/flood.ts';
import { type ListenerCalls, listenerCalls } from './cost/listener.ts';
import { stackRates } from './cost/stack-rates.ts';
import { watchedMetrics } from './cost/watched.ts';

/**
 * What a performance costs. Calls are counted: a broadcast really runs against counting ports, and a page really hears it, with the
 * site's clock and without. Billed times of functions are assumptions, named below.
 */
const MINUTES = 8;
const DURATION_MS = MINUTES * 60_000;
/** Distinct metrics that are sent, each within an hour or two of a day. */
const METRICS = 12;
const METRIC_HOURS_A_DAY = 2;
/** The key at the door. */
const SECRETS = 1;
const TARGETS = {
  usdPerPerformance1000: 0.07,
  usdPerPerformance100000: 7,
  usdPerYear100: 15,
  downstreamPerListenerHour: 320,
};

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
  const [ten, thousand] = [await broadcastCalls(10, DURATION_MS), await broadcastCalls(1_000, DURATION_MS)];
  /** Of a crowd beyond the account's rate. */
  const crowd = await broadcastCalls(1_000, DURATION_MS, true);
  const evening = async (listeners: number, counted: typeof ten, from: number, siteClock: boolean) =>
    price(
      listeners,
      scaled(counted.calls, from, listeners),
      await listenerCalls(counted.posted, DURATION_MS, siteClock, counted.files),
      memory,
    );
  const of = async (siteClock: boolean) => ({
    at10: await evening(10, ten, 10, siteClock),
    at100: await evening(100, ten, 10, siteClock),
    at1000: await evening(1_000, thousand, 1_000, siteClock),
    at100000: await evening(100_000, crowd, 1_000, siteClock),
    at1000000: await evening(1_000_000, crowd, 1_000, siteClock),
    posted100000: await evening(100_000, thousand, 1_000, siteClock),
    posted1000000: await evening(1_000_000, thousand, 1_000, siteClock),
  });
  const [on, off] = [await of(true), await of(false)];
  const figures = {
    usdPerPerformance1000: on.at1000.usd,
    usdPerPerformance100000: on.at100000.usd,
    usdPerYear100: yearly(on.at100.usd, standing().afterFree),
    downstreamPerListenerHour: Math.round(
      Math.max(...Object.values(on).map((each) => each.downstreamPerHour)),
    ),
  };
  return {
    bench: 'cost',
    priceTable: PRICES_DATE,
    region: 'us-east-1',
    minutes: MINUTES,
    ...figures,
    usdPerPerformance10: on.at10.usd,
    year100: {
      performances: round(365 * on.at100.usd),
      alarms: standing().year.alarms,
      metrics: standing().year.metrics,
      secret: standing().year.secret,
      // Ten of the metrics that are watched and ten metrics of one's own are free for every account, without end.
      alarmsAtListPrice: standing().list.alarms,
      metricsAtListPrice: standing().list.metrics,
      usdAtListPrice: yearly(on.at100.usd, standing().atList),
    },
    withoutSiteClock: {
      usdPerPerformance1000: off.at1000.usd,
      usdPerPerformance100000: off.at100000.usd,
      usdPerPerformance1000000: off.at1000000.usd,
      usdPerYear100: yearly(off.at100.usd, standing().afterFree),
      // What it would cost to post all of it, could the account.
      usdWereItPosted100000: off.posted100000.usd,
      usdWereItPosted1000000: off.posted1000000.usd,
      downstreamPerListenerHour: Math.round(
        Math.max(off.at100.downstreamPerHour, off.at1000.downstreamPerHour),
      ),
      pingsEach: off.at1000.pingsEach,
    },
    usdPerPerformance1000000: on.at1000000.usd,
    usdWereItPosted100000: on.posted100000.usd,
    usdWereItPosted1000000: on.posted1000000.usd,
    parts1000: on.at1000.parts,
    parts100000: on.at100000.parts,
    parts1000000: on.at1000000.parts,
    crowd: {
      postsEach: crowd.calls.posts / 1_000,
      fetchesEach: on.at100000.fetchesEach,
      resumesEach: on.at100000.joinsEach - 1,
      s3Puts: crowd.files.size,
      ...fileBytes(),
      cloudFrontGb100000: on.at100000.gigabytes,
      cloudFrontGb1000000: on.at1000000.gigabytes,
      cloudFrontUsd1000000BeyondTheFreeTerabyte: round(on.at1000000.gigabytes * PRICES.cloudFrontGb),
    },
    counted1000: { ...thousand.calls, pingsEach: on.at1000.pingsEach, asksEach: on.at1000.asksEach },
    cloudFrontGb1000: on.at1000.gigabytes,
    cloudFrontUsd1000BeyondTheFreeTerabyte: round(on.at1000.gigabytes * PRICES.cloudFrontGb),
    flood: flood(),
    assumedBilledMs: ASSUMED_MS,
    targets: TARGETS,
    met: Object.entries(TARGETS).every(([name, most]) => figures[name as keyof typeof TARGETS] <= most),
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

/** A file of a composed performance, as CloudFront would send it: gzip, the larger of what it knows; of a short piece, by its chunks. */
function fileBytes() {
  const file = readMidiFile(readFileSync('tests/fixtures/performance.mid'));
  if ('problem' in file) throw new Error(`tests/fixtures/performance.mid: ${file.problem}`);
  const music = timeline(file.music);
  const body = `[${fileFrames(music, 0, 'daily@2026-11-21T20:00:00.000Z').join(',\n')}]\n`;
  const ofAFile = FILE_CHUNKS / Math.min(FILE_CHUNKS, music.chunks);
  return {
    bytesAFile: Math.round(body.length * ofAFile),
    gzippedAFile: Math.round(gzipSync(body).length * ofAFile),
  };
}

const scaled = (calls: BroadcastCalls, from: number, to: number): BroadcastCalls => ({
  ...calls,
  posts: (calls.posts / from) * to,
  postedBytes: (calls.postedBytes / from) * to,
});

const yearly = (performance: number, standingUsd: number): number => round(365 * performance + standingUsd);

/** A year of what costs without anybody listening, US dollars; alarms as infra/alarms.yml has them, by the metrics that each looks at. */
function standing() {
  const metricMonths = (METRICS * METRIC_HOURS_A_DAY) / 24;
  const watched = watchedMetrics(readFileSync('infra/alarms.yml', 'utf8'));
  const secret = round(12 * SECRETS * PRICES.secretMonth);
  const of = (alarms: number, metrics: number) => ({
    alarms: round(12 * alarms * PRICES.alarmMonth),
    metrics: round(12 * metrics * PRICES.metricMonth),
  });
  const list = of(watched, metricMonths);
  const year = of(Math.max(0, watched - PRICES.freeAlarms), Math.max(0, metricMonths - PRICES.freeMetrics));
  return {
    list,
    year: { ...year, secret },
    atList: list.alarms + list.metrics + secret,
    afterFree: year.alarms + year.metrics + secret,
  };
}

function price(
  listeners: number,
  calls: BroadcastCalls,
  each: ListenerCalls,
  memory: (name: CostedFunction) => number,
) {
  const evening = eveningCost({
    listeners,
    durationMs: DURATION_MS,
    calls,
    pings: each.pings,
    asks: each.asks,
    fetches: each.fetches,
    fileBytes: fileBytes().gzippedAFile,
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
    pingsEach: each.pings,
    asksEach: each.asks,
    fetchesEach: each.fetches,
    joinsEach: each.joins,
    downstreamPerHour: each.downstream / ((DOORS_MS + DURATION_MS) / 3_600_000),
    gigabytes: round(evening.gigabytes),
  };
}

const round = (value: number): number => Number(value.toPrecision(3));
