import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { readModel } from '../adapters/model-files.ts';
import type { Sampled, SectionRequest } from '../music/section.ts';
import type { Sampler, Watch } from '../sampler.ts';
import type { Job, Report, Told, WorkerTask } from './sampler-worker.ts';

/** More threads than this are not worth the memory of a network each. */
const MOST_WORKERS = 4;

export type SamplerPool = Sampler & { release(): Promise<void> };

/**
 * Opens a model in worker threads, so that neither the event loop nor the candidates wait for one another.
 * @param width threads; as many as the machine runs side by side where none is given
 * @param entry the script that a thread begins with: in a bundle, the bundle
 * @throws what opening the model throws, by name and code; see adapters/onnx.ts
 */
export async function openSamplers(
  model: string,
  { width = availableParallelism(), entry }: { readonly width?: number; readonly entry?: string } = {},
): Promise<SamplerPool> {
  // What is wrong with the files is said at once, before a thread has begun.
  await readModel(model);
  const script = entry ?? new URL('./sampler-entry.js', import.meta.url);
  const count = Math.max(1, Math.min(width, MOST_WORKERS));
  const opening = Array.from({ length: count }, () => openWorker(script, model));
  const outcomes = await Promise.allSettled(opening);
  const workers = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
  const release = async () => {
    await Promise.all(workers.map((worker) => worker.end()));
  };
  const refused = outcomes.find((outcome) => outcome.status === 'rejected');
  if (refused) {
    await release();
    throw refused.reason;
  }

  const idle = [...workers];
  const waiting: ((worker: SamplingWorker) => void)[] = [];
  return {
    sha256: workers[0]!.sha256,
    width: count,
    async sample(request, seed, watch) {
      const worker = idle.pop() ?? (await new Promise<SamplingWorker>((take) => waiting.push(take)));
      try {
        return await worker.sample(request, seed, watch);
      } finally {
        const next = waiting.shift();
        if (next) next(worker);
        else idle.push(worker);
      }
    },
    release,
  };
}

type SamplingWorker = Pick<Sampler, 'sha256' | 'sample'> & { end(): Promise<void> };

/** One thread; one section at a time. It keeps the process alive only while it samples. */
function openWorker(script: string | URL, model: string): Promise<SamplingWorker> {
  const workerData: WorkerTask = { pianola: 'sampler', model };
  // Flags of this process (a debugger's, a test runner's) are none of a worker's business.
  const worker = new Worker(script, { workerData, execArgv: [] });
  let at: { resolve(sampled: Sampled): void; reject(cause: Error): void; watch: Watch } | null = null;
  let jobs = 0;
  let dead: Error | null = null;

  const sample = (request: SectionRequest, seed: number, watch: Watch = {}): Promise<Sampled> => {
    const stop = new SharedArrayBuffer(1);
    const onAbort = () => void Atomics.store(new Uint8Array(stop), 0, 1);
    if (watch.signal?.aborted) onAbort();
    watch.signal?.addEventListener('abort', onAbort, { once: true });
    return new Promise<Sampled>((resolve, reject) => {
      if (dead) return reject(dead);
      at = { resolve, reject, watch };
      jobs++;
      worker.ref();
      const job: Job = { id: jobs, request, seed, stop };
      worker.postMessage(job);
    }).finally(() => {
      watch.signal?.removeEventListener('abort', onAbort);
      at = null;
      worker.unref();
    });
  };

  return new Promise((opened, refused) => {
    const die = (cause: Error) => {
      dead = new Error('a thread that samples music has ended', { cause });
      refused(dead);
      at?.reject(dead);
    };
    worker.on('error', die);
    worker.on('exit', (code) => die(new Error(`exit code ${code}`)));
    worker.on('message', (report: Report) => {
      if (report.type === 'ready') {
        worker.unref();
        const { sha256 } = report;
        opened({ sha256, sample, end: async () => void (await worker.terminate()) });
      } else if (report.type === 'refused') {
        refused(errorOf(report.error));
        void worker.terminate();
      } else if (report.id !== jobs) {
        return;
      } else if (report.type === 'progress') {
        at?.watch.onProgress?.(report.tokens, report.nowMs);
      } else if (report.type === 'done') {
        at?.resolve(report.sampled);
      } else {
        at?.reject(errorOf(report.error));
      }
    });
  });
}

const errorOf = ({ name, message, code }: Told): Error =>
  Object.assign(new Error(message), { name, ...(code === undefined ? {} : { code }) });
