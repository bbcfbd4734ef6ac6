/** Runs one kind of mutants in a worker thread, and watches it. */
import { Worker } from 'node:worker_threads';

/** Tries the mutant of a number. @returns how it came out, for the count; throws where something does not hold */
export type Target = { try(index: number): string };
export type NewTarget = (seed: number) => Target;

export type Settings = {
  readonly seconds: number;
  readonly mutants: number;
  readonly seed: number;
  /** The first mutant's number. */
  readonly from: number;
};
export type Finding = {
  readonly index: number;
  readonly kind: 'threw' | 'slow' | 'hung' | 'crashed';
  readonly message: string;
};
export type Figures = {
  readonly mutants: number;
  readonly seconds: number;
  /** Processor time of the slowest, milliseconds. */
  readonly slowestMs: number;
  readonly slowestIndex: number;
  readonly outcomes: Readonly<Record<string, number>>;
  readonly findings: readonly Finding[];
};

/** What the worker is told, and what it says when it is done with some. */
export type Job = { readonly kind: string; readonly seed: number } & {
  readonly from: number;
  readonly until: number;
  /** The number of the mutant that is being tried. */
  readonly current: SharedArrayBuffer;
};
export type Report = {
  readonly next: number;
  readonly outcomes: Readonly<Record<string, number>>;
  readonly slowest: { readonly ms: number; readonly index: number };
  readonly findings: readonly Finding[];
};

/** A mutant that takes longer than this is hung; nothing of ours may take a thirtieth. */
const HUNG_MS = 30_000;
const LOOK_MS = 1000;
/** More than these would say the same. */
const MOST_FINDINGS = 20;
const HEAP_MB = 512;

export async function fuzz(kind: string, { seconds, mutants, seed, from }: Settings): Promise<Figures> {
  const startedAt = performance.now();
  const outcomes: Record<string, number> = {};
  const findings: Finding[] = [];
  let slowest = { ms: 0, index: from };
  let next = from;
  const secondsSoFar = (): number => (performance.now() - startedAt) / 1000;
  const isOver = (): boolean =>
    secondsSoFar() >= seconds || next >= from + mutants || findings.length >= MOST_FINDINGS;
  const take = (report: Report): void => {
    next = report.next;
    for (const [name, count] of Object.entries(report.outcomes))
      outcomes[name] = (outcomes[name] ?? 0) + count;
    if (report.slowest.ms > slowest.ms) slowest = report.slowest;
    findings.push(...report.findings);
  };
  while (!isOver()) {
    const current = new SharedArrayBuffer(8);
    const job: Job = { kind, seed, from: next, until: from + mutants, current };
    const broken = await watch(job, take, isOver);
    if (broken) {
      findings.push(broken);
      next = broken.index + 1;
    }
  }
  const counted = Object.fromEntries(Object.entries(outcomes).sort());
  return {
    mutants: next - from,
    seconds: Math.round(secondsSoFar()),
    slowestMs: Math.round(slowest.ms),
    slowestIndex: slowest.index,
    outcomes: counted,
    findings,
  };
}

/** @returns the mutant that ended or hung the worker; null where it was over in good order */
function watch(job: Job, take: (report: Report) => void, isOver: () => boolean): Promise<Finding | null> {
  const current = new Float64Array(job.current);
  const resourceLimits = { maxOldGenerationSizeMb: HEAP_MB };
  const worker = new Worker(new URL('./entry.js', import.meta.url), { workerData: job, resourceLimits });
  return new Promise((resolve) => {
    let seen = -1;
    let seenAt = performance.now();
    const end = (finding: Finding | null): void => {
      clearInterval(timer);
      void worker.terminate().then(() => resolve(finding));
    };
    const timer = setInterval(() => {
      const index = current[0]!;
      if (index !== seen) [seen, seenAt] = [index, performance.now()];
      else if (performance.now() - seenAt > HUNG_MS)
        end({ index, kind: 'hung', message: `no answer in ${HUNG_MS / 1000} s` });
    }, LOOK_MS);
    worker.on('message', (report: Report) => {
      take(report);
      if (isOver()) end(null);
    });
    worker.on('error', (error) => end({ index: current[0]!, kind: 'crashed', message: String(error) }));
  });
}
