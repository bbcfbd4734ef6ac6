/** The thread that tries mutants, one after the other, and reports on them by the hundred. */
import { parentPort, workerData } from 'node:worker_threads';
import type { Finding, Job, NewTarget, Report } from './run.ts';

const A_REPORT = 200;
/** Processor time that one mutant may take at most, microseconds. */
const SLOW_US = 1_000_000;

const { kind, seed, from, until, current } = workerData as Job;
const { newTarget } = (await import(`./${kind}.ts`)) as { newTarget: NewTarget };
const target = newTarget(seed);
const now = new Float64Array(current);

function some(first: number, end: number): Report {
  const outcomes: Record<string, number> = {};
  const findings: Finding[] = [];
  let slowest = { ms: 0, index: first };
  for (let index = first; index < end; index++) {
    now[0] = index;
    const before = process.cpuUsage();
    try {
      const outcome = target.try(index);
      outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
    } catch (error) {
      const message =
        error instanceof Error ? (error.stack ?? error.message) : `not an Error: ${String(error)}`;
      findings.push({ index, kind: 'threw', message });
    }
    // The whole process's time, the watch's and the collector's with it: an upper bound.
    const { user, system } = process.cpuUsage(before);
    const us = user + system;
    if (us / 1000 > slowest.ms) slowest = { ms: us / 1000, index };
    if (us > SLOW_US) findings.push({ index, kind: 'slow', message: `${Math.round(us / 1000)} ms` });
  }
  return { next: end, outcomes, slowest, findings };
}

for (let first = from; first < until; first += A_REPORT) {
  parentPort!.postMessage(some(first, Math.min(until, first + A_REPORT)));
}
