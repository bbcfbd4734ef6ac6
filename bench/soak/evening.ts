/** A station in a process of its own, on the air, with a crowd that never settles; what it cost, second by second. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { askStation } from '../../src/adapters/net/control.ts';
import { seededRandom } from '../../src/music/random.ts';
import { withStores } from '../../tests/support/data.ts';
import { scale, stored } from '../../tests/support/music.ts';
import { stationProcess } from '../../tests/support/station-process.ts';
import { aWindow } from '../../tests/support/windows.ts';
import { type CrowdCounts, crowd } from './crowd.ts';
import { slope } from './slope.ts';

const DAY = '2020-01-01';
/** Shares of the time: the crowd gathers in the first, and is gone in the last seconds. */
const GATHERED = 1 / 3;
const AFTERWARDS_MS = 8_000;

type Sample = {
  readonly descriptors: number | null;
  readonly rssMb: number;
  readonly heapMb: number;
  readonly delayP99Ms: number;
  readonly delayMaxMs: number;
};

export type SoakFigures = CrowdCounts & {
  readonly seconds: number;
  readonly listeners: number;
  /** Before anybody came, with the crowd there, and when it had gone. */
  readonly descriptors: { readonly before: number; readonly peak: number; readonly after: number };
  /** Rise a minute, from when the crowd was there. */
  readonly slopes: { readonly descriptors: number; readonly rssMb: number; readonly heapMb: number };
  readonly rssMb: { readonly before: number; readonly peak: number; readonly after: number };
  /** Of the station's event loop, milliseconds: the median second's p99, and the worst of all. */
  readonly loopDelay: { readonly p99OfSeconds: number; readonly medianP99: number; readonly max: number };
  /** Whatever would have ended the process. */
  readonly faults: readonly string[];
  readonly alive: boolean;
};

export async function soakEvening(seconds: number, listeners: number, seed: number): Promise<SoakFigures> {
  const directory = await mkdtemp(join(tmpdir(), 'pianola-soak-'));
  const probe = join(directory, 'probe.jsonl');
  const far = { kind: 'once' as const, at: `${new Date().getFullYear() + 2}-06-01T20:00` };
  const station = await stationProcess({
    env: { SOAK_PROBE: probe, NODE_OPTIONS: `--import ${join(import.meta.dirname, 'probe.mjs')}` },
    prepare: (data) =>
      withStores(data, async ({ performances, windows }) => {
        await performances.create(stored(DAY, scale((seconds + 60) * 1000)));
        await windows.put(aWindow({ id: 'far-away', rule: far }), 0);
      }),
  });
  try {
    await askStation(station.data, 'broadcast-now', { performance: DAY, inMs: 0 });
    await sleep(3_000);
    const before = (await samplesOf(probe)).samples.length;
    const counts = await crowd(
      station.port,
      listeners,
      seededRandom(seed),
      AbortSignal.timeout(seconds * 1000),
    );
    const until = (await samplesOf(probe)).samples.length;
    await sleep(AFTERWARDS_MS);
    const { samples, faults } = await samplesOf(probe);
    return {
      ...figures(samples, before, until),
      ...counts,
      seconds,
      listeners,
      faults,
      alive: station.alive(),
    };
  } finally {
    await station.end();
    await rm(directory, { recursive: true, force: true });
  }
}

async function samplesOf(file: string): Promise<{ samples: Sample[]; faults: string[] }> {
  const lines = (await readFile(file, 'utf8').catch(() => '')).split('\n').filter(Boolean);
  const all = lines.map((line) => JSON.parse(line) as Sample | { fault: string });
  return {
    samples: all.flatMap((one) => ('fault' in one ? [] : [one])),
    faults: all.flatMap((one) => ('fault' in one ? [one.fault] : [])),
  };
}

/** @param before samples before the crowd came @param until and before it went */
function figures(samples: readonly Sample[], before: number, until: number) {
  const there = samples.slice(before + Math.floor((until - before) * GATHERED), until);
  const aMinute = (of: (sample: Sample) => number) => round(60 * slope(there.map(of)));
  const delays = samples.slice(before, until).map(({ delayP99Ms }) => delayP99Ms);
  const sorted = [...delays].sort((a, b) => a - b);
  const at = (share: number) => round(sorted[Math.floor(share * (sorted.length - 1))] ?? 0);
  const [first, last] = [samples[Math.max(0, before - 1)]!, samples.at(-1)!];
  return {
    descriptors: {
      before: first.descriptors ?? 0,
      peak: Math.max(...samples.map(({ descriptors }) => descriptors ?? 0)),
      after: last.descriptors ?? 0,
    },
    slopes: {
      descriptors: aMinute(({ descriptors }) => descriptors ?? 0),
      rssMb: aMinute(({ rssMb }) => rssMb),
      heapMb: aMinute(({ heapMb }) => heapMb),
    },
    rssMb: {
      before: round(first.rssMb),
      peak: round(Math.max(...samples.map(({ rssMb }) => rssMb))),
      after: round(last.rssMb),
    },
    loopDelay: {
      medianP99: at(0.5),
      p99OfSeconds: at(0.99),
      max: round(Math.max(...samples.map(({ delayMaxMs }) => delayMaxMs))),
    },
  };
}

const round = (value: number): number => Math.round(value * 100) / 100;
