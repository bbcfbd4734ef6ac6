import { setMaxListeners } from 'node:events';
import { availableParallelism } from 'node:os';
import { SHARE_ENV, Worker } from 'node:worker_threads';
import type { PhraseRequest, SampledPhrase } from '../compose/sample-phrase.ts';
import type { Sampler, Watch } from '../compose/sampler.ts';
import { leastBusy } from './least-busy.ts';
import { readModel } from './model-files.ts';
import { END, type Job, type Report, type Told, type WorkerTask } from './worker.ts';

/** More threads than this are not worth the memory of a network each. */
const MOST_THREADS = 4;

export type SamplerPool = Sampler & {
  readonly threads: number;
  /** How many phrases are sampled at once, each thread having the lanes of its model; more are kept waiting. */
  readonly width: number;
  release(): Promise<void>;
};

/**
 * Opens a model in worker threads, so that neither the event loop nor the candidates wait for one another.
 * Where a thread dies, what it samples fails, and the pool is of no more use: it is to be released.
 * @param threads 1 to 4; as many as the machine runs side by side where no number is given
 * @param entry the script that a thread begins with: in a bundle, the bundle
 * @throws what opening the model throws, by name and code; see sampling/onnx.ts
 */
export async function openSamplers(
  model: string,
  { threads = availableParallelism(), entry }: { readonly threads?: number; readonly entry?: string } = {},
): Promise<SamplerPool> {
  // What is wrong with the files is said at once, before a thread has begun.
  await readModel(model);
  const script = entry ?? new URL('./entry.js', import.meta.url);
  const count = Math.max(1, Math.min(threads, MOST_THREADS));
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

  const { sha256, contextLength, usualNats, lanes } = workers[0]!;
  const give = leastBusy(workers, lanes);
  return {
    sha256,
    contextLength,
    usualNats,
    threads: count,
    width: count * lanes,
    sample: (request, seed, watch) => give((worker) => worker.sample(request, seed, watch)),
    release,
  };
}

type SamplingWorker = Sampler & { readonly lanes: number; end(): Promise<void> };

/** One thread. It keeps the process alive only while it samples. */
function openWorker(script: string | URL, model: string): Promise<SamplingWorker> {
  const workerData: WorkerTask = { pianola: 'sampler', model };
  // Flags of this process (a debugger's, a test runner's) are none of a worker's business.
  // The environment is the process's own: the runtime's library reads what the thread sets there; see no-telemetry.ts.
  const worker = new Worker(script, { workerData, execArgv: [], env: SHARE_ENV });
  type Running = {
    resolve(sampled: SampledPhrase): void;
    reject(cause: Error): void;
    stop(): void;
    readonly watch: Watch;
  };
  const running = new Map<number, Running>();
  let jobs = 0;
  let dead: Error | null = null;

  const sample = (request: PhraseRequest, seed: number, watch: Watch = {}): Promise<SampledPhrase> => {
    const stop = new SharedArrayBuffer(1);
    const onAbort = () => void Atomics.store(new Uint8Array(stop), 0, 1);
    if (watch.signal?.aborted) onAbort();
    // One listener a phrase, and a phrase has candidates by the dozen: more than ten are no leak.
    if (watch.signal) setMaxListeners(Number.POSITIVE_INFINITY, watch.signal);
    watch.signal?.addEventListener('abort', onAbort, { once: true });
    const id = ++jobs;
    return new Promise<SampledPhrase>((resolve, reject) => {
      if (dead) return reject(dead);
      running.set(id, { resolve, reject, stop: onAbort, watch });
      worker.ref();
      const job: Job = { id, request, seed, stop };
      worker.postMessage(job);
    }).finally(() => {
      watch.signal?.removeEventListener('abort', onAbort);
      running.delete(id);
      // One that is released is waited for.
      if (running.size === 0 && !dead) worker.unref();
    });
  };

  const exited = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
  return new Promise((opened, refused) => {
    const die = (cause: Error) => {
      dead ??= new Error('a thread that samples music has ended', { cause });
      refused(dead);
      for (const { reject } of running.values()) reject(dead);
    };
    /** What samples is stopped, and the thread ends by itself; see worker.ts. */
    const end = (): Promise<void> => {
      for (const { stop } of running.values()) stop();
      die(new Error('it was released'));
      worker.ref();
      worker.postMessage(END);
      return exited;
    };
    worker.on('error', die);
    worker.on('exit', (code) => die(new Error(`exit code ${code}`)));
    worker.on('message', (report: Report) => {
      if (report.type === 'ready') {
        worker.unref();
        const { type: _, ...network } = report;
        opened({ ...network, sample, end });
      } else if (report.type === 'refused') {
        refused(errorOf(report.error));
        void worker.terminate();
      } else if (report.type === 'progress') {
        running.get(report.id)?.watch.onProgress?.(report.tokens);
      } else if (report.type === 'done') {
        running.get(report.id)?.resolve(report.sampled);
      } else {
        running.get(report.id)?.reject(errorOf(report.error));
      }
    });
  });
}

const errorOf = ({ name, message, code }: Told): Error =>
  Object.assign(new Error(message), { name, ...(code === undefined ? {} : { code }) });
