import { type TokenBucket, tokenBucket } from '../src/adapters/aws/token-bucket.ts';
import { broadcast } from '../src/broadcast/broadcast.ts';
import { crowdOf } from '../src/broadcast/fetching/site-chunks.ts';
import { dueMs } from '../src/broadcast/frames.ts';
import { CHUNK_MS } from '../src/music/timeline.ts';
import type { Post } from '../src/ports.ts';
import { CROWD } from '../src/publish/cost.ts';
import { crowdStation, ID, T0 } from '../tests/support/crowd-station.ts';
import { type FakeClock, fakeClock } from '../tests/support/fake-clock.ts';
import { POSTS_PER_SECOND_512_MB } from './fanout/posts-at-512-mb.ts';

/** All of it has been posted when it begins; then it is stopped. */
const MINUTES = 2;
const STOP_AT_MS = 60_000;
/** The clock goes by steps of this, so that a hundred thousand listeners take a minute to simulate. */
const STEP_MS = 10;
const TARGETS = { missedChunks: 0, leastInHandMs: 30_000, stopToldMs: 15_000 };

/** Beyond what the rate can serve: music is fetched. */
const FETCHING = [
  { listeners: 100_000, postsPerSecond: 1_500 },
  { listeners: 1_000_000, postsPerSecond: 8_000 },
];
/** Doors, as pages know them; a stop in the middle of the second file. */
const DOORS_MS = 300_000;
const FETCHED_MINUTES = 4;
/** Pages are spread over this, from when a file is due (web/listener/fetcher.ts), and CloudFront answers so many a second (its quota for a distribution). */
const SPREAD_MS = 60_000;
const REQUESTS_PER_SECOND = 250_000;
/** Whoever is told last is told so long before the file would be missed. */
const FETCHED_TARGETS = { missedFiles: 0, leastInHandMs: 30_000, postedChunks: 0 };

const CROWDS = [
  { listeners: 1_000, postsPerSecond: 2_000 },
  { listeners: 10_000, postsPerSecond: 1_500 },
  { listeners: 20_000, postsPerSecond: 8_000 },
  { listeners: 100_000, postsPerSecond: 8_000 },
];

/**
 * How a crowd is served: `npm run bench -- crowd --json`. The broadcaster and its helpers really run, on a clock of ours;
 * each posts as fast as a function of 512 MB does over HTTP/1.1, and takes its part of the station's rate.
 */
export async function run(): Promise<object> {
  const crowds: object[] = [];
  let met = true;
  for (const crowd of CROWDS) {
    const heard = await evening(crowd);
    met &&=
      heard.missedChunks === 0 &&
      heard.leastInHandMs >= TARGETS.leastInHandMs &&
      heard.stopToldMs <= TARGETS.stopToldMs &&
      heard.overRate <= 1;
    crowds.push({ ...crowd, ...heard });
  }
  const fetching: object[] = [];
  for (const crowd of FETCHING) {
    const heard = await fetchedEvening(crowd);
    met &&=
      heard.missedFiles === 0 &&
      heard.postedChunks === 0 &&
      heard.leastInHandMs >= FETCHED_TARGETS.leastInHandMs &&
      heard.peakRequestsPerSecond <= REQUESTS_PER_SECOND &&
      heard.overRate <= 1;
    fetching.push({ ...crowd, above: crowdOf(crowd.postsPerSecond), ...heard });
  }
  const targets = { ...TARGETS, fetching: { ...FETCHED_TARGETS, REQUESTS_PER_SECOND } };
  return { bench: 'crowd', minutes: MINUTES, crowds, fetching, targets, met };
}

/** A process: its processor lets it post so fast, its bucket no faster than its share. */
const transportAt = (postsPerSecond: number, clock: FakeClock) => (post: Post) => {
  const processor = tokenBucket(POSTS_PER_SECOND_512_MB, clock);
  const bucket: TokenBucket = tokenBucket(postsPerSecond, clock);
  const paced: Post = async (name, frame) => {
    await Promise.all([processor.take(), bucket.take()]);
    return post(name, frame);
  };
  return { post: paced, share: bucket.share };
};

/**
 * All are there before the doors. Each fetches by the page's rule: a file at its own instant within the minute from when it is due, or as soon
 * as it is told of it; it is there if it was written by then.
 */
async function fetchedEvening({ listeners, postsPerSecond }: Crowd) {
  const clock = inSteps(fakeClock(T0 - DOORS_MS));
  const names = Array.from({ length: listeners }, (_, i) => `listener ${i}`);
  const numbers = new Map(names.map((name, i) => [name, i]));
  const toldAt = new Float64Array(listeners).fill(Number.POSITIVE_INFINITY);
  const stoppedAt = new Float64Array(listeners).fill(Number.POSITIVE_INFINITY);
  const writtenAt = new Map<number, number>();
  const bySecond = new Map<number, number>();
  let [posts, postedChunks] = [0, 0];
  const station = await crowdStation({
    ...{ durationMs: FETCHED_MINUTES * 60_000, names, clock },
    limits: { ...CROWD, postsPerSecond },
    transport: transportAt(postsPerSecond, clock),
    fetching: {
      above: crowdOf(postsPerSecond),
      files: {
        async put(path) {
          writtenAt.set(Number(/(\d+)\.json$/.exec(path)![1]), clock.now());
          return 'created';
        },
      },
    },
    deliver(name, frame) {
      const now = clock.now();
      const listener = numbers.get(name)!;
      posts++;
      const second = Math.floor(now / 1000);
      bySecond.set(second, (bySecond.get(second) ?? 0) + 1);
      if (frame.startsWith('{"type":"chunk"')) postedChunks++;
      if (frame.startsWith('{"type":"stop"')) stoppedAt[listener] = Math.min(stoppedAt[listener]!, now);
      if (frame.includes('"chunks":{')) toldAt[listener] = Math.min(toldAt[listener]!, now);
    },
  });
  const playing = broadcast(ID, 'one', station.ports);
  await clock.runTo(T0 + STOP_AT_MS);
  await station.broadcasts.stop(ID);
  await clock.runUntil(playing);
  await station.settle();
  await clock.runTo(T0 + STOP_AT_MS + 60_000 + (4_000 * listeners) / postsPerSecond);

  const requests = new Map<number, number>();
  let [missedFiles, fetches, leastInHandMs] = [0, 0, Number.POSITIVE_INFINITY];
  for (const [file, written] of writtenAt) {
    for (let i = 0; i < listeners; i++) {
      // As if drawn: evenly, and in no order in which anybody is told.
      const mineMs = (((i * 7_919) % listeners) / listeners) * SPREAD_MS;
      const at = Math.max(toldAt[i]!, T0 + dueMs(file) + mineMs);
      if (at >= stoppedAt[i]!) continue;
      if (!(at >= written && Number.isFinite(at))) missedFiles++;
      fetches++;
      leastInHandMs = Math.min(leastInHandMs, T0 + file * CHUNK_MS - at);
      const second = Math.floor(at / 1000);
      requests.set(second, (requests.get(second) ?? 0) + 1);
    }
  }
  const peak = Math.max(...bySecond.values());
  return {
    processes: 1 + station.helpers.length,
    ...{ posts, postedChunks, s3Puts: writtenAt.size, cdnRequests: fetches, missedFiles, leastInHandMs },
    lastToldBeforeT0Ms: T0 - toldAt.reduce((latest, at) => Math.max(latest, at), 0),
    peakRequestsPerSecond: Math.max(...requests.values()),
    peakPostsPerSecond: peak,
    overRate: Number((peak / (postsPerSecond * 1.1)).toFixed(2)),
    stopToldMs: stoppedAt.reduce((latest, at) => Math.max(latest, at), 0) - (T0 + STOP_AT_MS),
  };
}

type Crowd = {
  readonly listeners: number;
  readonly postsPerSecond: number;
};

async function evening({ listeners, postsPerSecond }: Crowd) {
  const clock = inSteps(fakeClock(T0 - 130_000));
  const names = Array.from({ length: listeners }, (_, i) => `listener ${i}`);
  const numbers = new Map(names.map((name, i) => [name, i]));
  const chunks = (MINUTES * 60_000) / CHUNK_MS;
  const heard = new Uint8Array(listeners * chunks);
  const toldOfStop = new Uint8Array(listeners);
  let [leastInHandMs, latestMs, lastStopAt, posts] = [Number.POSITIVE_INFINITY, 0, 0, 0];
  const bySecond = new Map<number, number>();
  const CHUNK = /^\{"type":"chunk","seq":(\d+),"count":(\d+)/;

  const deliver = (name: string, frame: string) => {
    const now = clock.now();
    const listener = numbers.get(name)!;
    posts++;
    const second = Math.floor(now / 1000);
    bySecond.set(second, (bySecond.get(second) ?? 0) + 1);
    if (frame.startsWith('{"type":"stop"') && !toldOfStop[listener]) {
      toldOfStop[listener] = 1;
      lastStopAt = now;
    }
    const [, from, count] = CHUNK.exec(frame.slice(0, 60)) ?? [];
    for (let seq = Number(from); seq < Number(from) + Number(count); seq++) {
      const at = listener * chunks + seq;
      if (heard[at]) continue;
      heard[at] = 1;
      leastInHandMs = Math.min(leastInHandMs, T0 + seq * CHUNK_MS - now);
      latestMs = Math.max(latestMs, now - (T0 + dueMs(Number(from) + Number(count) - 1)));
    }
  };
  const transport = transportAt(postsPerSecond, clock);
  const limits = { ...CROWD, postsPerSecond };
  const station = await crowdStation({
    ...{ durationMs: MINUTES * 60_000, names, clock, limits, deliver, transport },
  });
  const playing = broadcast(ID, 'one', station.ports);
  await clock.runTo(T0 + STOP_AT_MS);
  await station.broadcasts.stop(ID);
  await clock.runUntil(playing);
  await station.settle();
  const missed = heard.reduce((count, one) => count + (one ? 0 : 1), 0);
  const untold = toldOfStop.reduce((count, one) => count + (one ? 0 : 1), 0);
  const peak = Math.max(...bySecond.values());
  return {
    processes: 1 + station.helpers.length,
    posts,
    missedChunks: missed,
    leastInHandMs,
    latestAfterDueMs: latestMs,
    peakPostsPerSecond: peak,
    // A second of the clock may hold what a bucket saved up: a tenth of a second's tokens each.
    overRate: Number((peak / (postsPerSecond * 1.1)).toFixed(2)),
    stopToldMs: untold > 0 ? Number.POSITIVE_INFINITY : lastStopAt - (T0 + STOP_AT_MS),
  };
}

const inSteps = (clock: FakeClock): FakeClock => ({
  ...clock,
  sleepUntil: (instant, signal) => clock.sleepUntil(Math.ceil(instant / STEP_MS) * STEP_MS, signal),
});
