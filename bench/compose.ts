import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { PASSAGE } from '../src/compose/budget.ts';
import { compose, DEFAULT_CANDIDATES } from '../src/compose/performance.ts';
import { samplerOf } from '../src/compose/sampler.ts';
import { quantile } from '../src/music/statistics.ts';
import { type OpenModel, openModel } from '../src/sampling/onnx.ts';
import { openOriginality } from '../src/sampling/originality-file.ts';
import { openSamplers } from '../src/sampling/pool.ts';
import { InferenceSession, Tensor } from '../src/sampling/runtime.ts';
import { openWholeCache } from './compose/whole-cache.ts';

/** Tokens of the first project's window, every one taken in anew for each that is sampled. */
const FIRST_PROJECT_CONTEXT = 128;
const SEED = 7;
const REPEATS = 9;
/** How often what is compared takes turns: the machine is slower for seconds at a time, and is so for one kind of work more than for another. */
const ROUNDS = 6;
/** More bars than the memory holds: it is sampled until that is full. */
const LONG = { ...PASSAGE, bars: 1000 };

type Cost = { readonly wallMs: number; readonly processorMs: number };
/** Others on the machine only ever add to a cost: the least of several is nearest to the work's own. */
type Costs = { readonly least: Cost; readonly median: Cost };

/** On a busy machine the clock counts others' work as well: the processor's time stands beside it. */
async function costOf(work: () => Promise<unknown>): Promise<Cost> {
  const before = process.cpuUsage();
  const startedAt = performance.now();
  await work();
  const wallMs = performance.now() - startedAt;
  const { user, system } = process.cpuUsage(before);
  return { wallMs, processorMs: (user + system) / 1000 };
}

/** @param before each time, and not counted */
async function repeated(
  work: () => Promise<unknown>,
  before: () => Promise<unknown> = async () => null,
): Promise<Costs> {
  await before();
  await work();
  const costs: Cost[] = [];
  for (let i = 0; i < REPEATS; i++) {
    await before();
    costs.push(await costOf(work));
  }
  const at = (part: number): Cost => {
    const of = (key: keyof Cost) =>
      quantile(
        costs.map((cost) => cost[key]),
        part,
      );
    return { wallMs: of('wallMs'), processorMs: of('processorMs') };
  };
  return { least: at(0), median: at(0.5) };
}

/** Bytes a second that one core reads, of a block of this size: two are compared, which reads both. */
async function readingSpeed(bytes: number): Promise<number> {
  const [a, b] = [Buffer.alloc(bytes, 1), Buffer.alloc(bytes, 1)];
  const { least } = await repeated(async () => {
    for (let i = 0; i < 20; i++) if (a.compare(b) !== 0) throw new Error('equal blocks differ');
  });
  return (40 * bytes) / (least.processorMs / 1000);
}

const STEPS = 60;

/**
 * Milliseconds of the processor a token, of each of some sequences side by side; sampling is not counted.
 * @param heard tokens before them
 */
async function decodingMs(decoders: readonly Appending[], heard: number): Promise<number> {
  const all = (tokens: readonly number[]) => Promise.all(decoders.map((decoder) => decoder.append(tokens)));
  const take = async () => {
    for (const decoder of decoders) decoder.reset();
    await all([...PASSAGE.tokens, ...new Array<number>(heard - PASSAGE.tokens.length).fill(10)]);
  };
  const { least } = await repeated(async () => {
    for (let i = 0; i < STEPS; i++) await all([10]);
  }, take);
  return least.processorMs / STEPS / decoders.length;
}

/** Milliseconds a token of each way, the least of all rounds. */
async function inTurn<Way extends string>(
  ways: Readonly<Record<Way, () => Promise<number>>>,
): Promise<Record<Way, number>> {
  const entries = Object.entries<() => Promise<number>>(ways);
  const least = new Map<string, number>();
  for (let round = 0; round < ROUNDS; round++)
    for (const [way, measure] of entries)
      least.set(way, Math.min(await measure(), least.get(way) ?? Number.POSITIVE_INFINITY));
  return Object.fromEntries(least) as Record<Way, number>;
}

type Appending = { append(tokens: readonly number[]): Promise<unknown>; reset(): void };
const decodersOf = (model: OpenModel, count: number) =>
  Array.from({ length: count }, () => model.newDecoder());

/**
 * How fast music is composed. Rates "a second" are of the processor's time of one core, the best of several runs, with
 * as many phrases side by side as the graph has lanes; medians, and those of one phrase alone, stand beside them.
 * `--minutes` and `--candidates` are of the performance (15 and 8).
 */
export async function run(): Promise<object> {
  const { values } = parseArgs({
    args: process.argv.slice(3),
    allowPositionals: true,
    strict: false,
    options: {
      model: { type: 'string', default: 'model' },
      minutes: { type: 'string', default: '15' },
      candidates: { type: 'string', default: String(DEFAULT_CANDIDATES) },
    },
  });
  const directory = String(values.model);
  const record = JSON.parse(await readFile(join(directory, 'model.json'), 'utf8'));
  const model = await openModel(directory);
  const sampler = samplerOf(model);
  const speed = async (phrases: number) => {
    let tokens = 0;
    const costs = await repeated(async () => {
      const sampled = await Promise.all(
        Array.from({ length: phrases }, (_, i) => sampler.sample(LONG, SEED + i)),
      );
      tokens = sampled.reduce((sum, one) => sum + one.tokens.length, 0);
    });
    const rate = (ms: number) => round(tokens / (ms / 1000));
    return {
      best: rate(costs.least.processorMs),
      median: rate(costs.median.processorMs),
      medianByTheClock: rate(costs.median.wallMs),
    };
  };
  const [sideBySide, alone] = [await speed(model.lanes), await speed(1)];
  const half = PASSAGE.tokens.length + Math.floor(model.contextLength / 2);
  const nearlyFull = model.contextLength - STEPS;
  const whole = await openWholeCache(record.headDim);
  const full = [
    ...PASSAGE.tokens,
    ...new Array<number>(model.contextLength - PASSAGE.tokens.length).fill(10),
  ];
  const network = await inTurn({
    anew: async () => (await repeated(() => model.newDecoder().append(full))).least.processorMs,
    alone: () => decodingMs(decodersOf(model, 1), half),
    aloneFull: () => decodingMs(decodersOf(model, 1), nearlyFull),
    sideBySide: () => decodingMs(decodersOf(model, model.lanes), half),
    wholeCache: () => decodingMs([whole], half),
    wholeCacheFull: () => decodingMs([whole], nearlyFull),
  });
  await whole.release();
  await model.release();

  const session = await InferenceSession.create(join(import.meta.dirname, 'compose/first_project.onnx'), {
    intraOpNumThreads: 1,
  });
  const window = new Tensor('int64', new BigInt64Array(FIRST_PROJECT_CONTEXT), [FIRST_PROJECT_CONTEXT]);
  const theirs = await repeated(async () => {
    for (let i = 0; i < 20; i++) await session.run({ tokens: window });
  });
  await session.release();

  const bound = await boundOf(record);
  const performances = await performing(directory, Number(values.minutes), Number(values.candidates));
  return {
    parameters: record.parameters,
    contextLength: model.contextLength,
    tokensPerSecond: sideBySide.best,
    phrasesSideBySide: model.lanes,
    sideBySide,
    alone,
    ratioToNoCache: round(network.anew / network.alone),
    /** Of one sequence, its memory nearly full; of one of as many as there are lanes. */
    ratioToNoCacheFull: round(network.anew / network.aloneFull),
    ratioToNoCacheSideBySide: round(network.anew / network.sideBySide),
    /** The network alone, nothing sampled: half and nearly all of the memory heard. */
    networkMsPerToken: Object.fromEntries(Object.entries(network).map(([way, ms]) => [way, round(ms, 3)])),
    /** The network alone as well, of 1/58 of the parameters, whose whole window of 128 tokens is taken in anew for each. */
    firstProjectTokensPerSecond: round((20 * 1000) / theirs.least.processorMs),
    ...performances,
    ...bound,
    peakMemoryMb: round(process.resourceUsage().maxRSS / 1024),
    loadAverage: round(loadavg()[0]!, 1),
  };
}

/**
 * Part of the time of a token, in fp32, that reading all weights once would take. The graph is that of the
 * shipped sizes before int8; its weights are all alike (`model/export.py --blank`), which is as fast.
 */
async function boundOf(record: object): Promise<object> {
  const directory = await mkdtemp(join(tmpdir(), 'pianola-fp32-'));
  try {
    const graph = gunzipSync(await readFile(join(import.meta.dirname, 'compose/fp32.onnx.gz')));
    await writeFile(join(directory, 'fp32.onnx'), graph);
    const sha256 = createHash('sha256').update(graph).digest('hex');
    const own = { ...record, file: 'fp32.onnx', sha256, bytes: graph.length };
    await writeFile(join(directory, 'model.json'), JSON.stringify(own));
    const model = await openModel(directory);
    const ms = await decodingMs(
      decodersOf(model, 1),
      PASSAGE.tokens.length + Math.floor(model.contextLength / 2),
    );
    await model.release();
    const bytesPerSecond = await readingSpeed(graph.length);
    return {
      bandwidthBoundFraction: round(((graph.length / bytesPerSecond) * 1000) / ms, 3),
      fp32MsPerToken: round(ms, 3),
      readGbPerSecond: round(bytesPerSecond / 1e9, 1),
    };
  } finally {
    await rm(directory, { recursive: true });
  }
}

async function performing(directory: string, minutes: number, candidates: number): Promise<object> {
  const [pool, originality] = [await openSamplers(directory), await openOriginality(directory)];
  const one = async (count: number) => {
    let durationMs = 0;
    let sampled = 0;
    const { wallMs, processorMs } = await costOf(async () => {
      const settings = { date: '2026-01-01', seed: SEED, minutes, candidates: count };
      const { record } = await compose(settings, { sampler: pool, originality, clock: { now: () => 0 } });
      [durationMs, sampled] = [record.durationMs, record.tokens];
    });
    return {
      realTimeFactor: round(durationMs / wallMs, 1),
      realTimeFactorOneCore: round(durationMs / processorMs, 1),
      tokens: sampled,
      seconds: round(wallMs / 1000, 1),
    };
  };
  const alone = await one(1);
  const chosen = await one(candidates);
  await pool.release();
  return {
    minutes,
    candidates,
    threads: pool.threads,
    realTimeFactor: chosen.realTimeFactor,
    realTimeFactorWithoutSelection: alone.realTimeFactor,
    withSelection: chosen,
    withoutSelection: alone,
  };
}

const round = (value: number, digits = 0): number => Math.round(value * 10 ** digits) / 10 ** digits;
