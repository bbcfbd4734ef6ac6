import { isMainThread, type MessagePort, parentPort, workerData } from 'node:worker_threads';
import type { PhraseRequest, SampledPhrase } from '../compose/sample-phrase.ts';
import { samplerOf } from '../compose/sampler.ts';
import type { OpenModel } from './onnx.ts';

/** What a worker is started with. */
export type WorkerTask = { readonly pianola: 'sampler'; readonly model: string };
/** To the worker. `stop` holds one byte that is set when the phrase is to end at once. */
export type Job = {
  readonly id: number;
  readonly request: PhraseRequest;
  readonly seed: number;
  readonly stop: SharedArrayBuffer;
};
/** To the worker, instead of a job, when no other will come. */
export const END = 'end';
/** An error as it crosses threads. */
export type Told = { readonly name: string; readonly message: string; readonly code?: string };
/** From the worker. */
export type Report =
  | {
      readonly type: 'ready';
      readonly sha256: string;
      readonly contextLength: number;
      readonly usualNats: number;
      readonly lanes: number;
    }
  | { readonly type: 'refused'; readonly error: Told }
  | { readonly type: 'progress'; readonly id: number; readonly tokens: number }
  | { readonly type: 'done'; readonly id: number; readonly sampled: SampledPhrase }
  | { readonly type: 'failed'; readonly id: number; readonly error: Told };

/** Notes between two reports. */
const REPORT_EVERY = 16;

/** Whether this thread was started to sample. */
export const isSampler = (): boolean => !isMainThread && workerData?.pianola === 'sampler';

/**
 * Opens the model and samples whatever is asked for, until it is told to end. It ends by itself, between two runs of the
 * network: a thread that is ended from outside within one takes the whole process with it (the runtime throws where nobody catches).
 */
export function serve(): void {
  const port = parentPort as MessagePort;
  const tell = (report: Report) => port.postMessage(report);
  open((workerData as WorkerTask).model).then(
    (model) => {
      const sampler = samplerOf(model);
      const underWay = new Set<Promise<void>>();
      const end = async () => {
        await Promise.all(underWay);
        await model.release();
        process.exit();
      };
      port.on('message', (job: Job | typeof END) => {
        if (job === END) return void end();
        const { id, request, seed, stop } = job;
        const stopped = new Uint8Array(stop);
        const ending = new AbortController();
        let notes = 0;
        const onProgress = (tokens: number) => {
          if (Atomics.load(stopped, 0) === 1) ending.abort();
          if (notes++ % REPORT_EVERY === 0) tell({ type: 'progress', id, tokens });
        };
        const sampling = sampler
          .sample(request, seed, { onProgress, signal: ending.signal })
          .then(
            (sampled) => tell({ type: 'done', id, sampled }),
            (error: unknown) => tell({ type: 'failed', id, error: told(error) }),
          )
          .finally(() => underWay.delete(sampling));
        underWay.add(sampling);
      });
      const { sha256, contextLength, usualNats, lanes } = model;
      tell({ type: 'ready', sha256, contextLength, usualNats, lanes });
    },
    (error: unknown) => tell({ type: 'refused', error: told(error) }),
  );
}

/** Loaded by threads that sample alone: the runtime is a large native library. */
async function open(directory: string): Promise<OpenModel> {
  return (await import('./onnx.ts')).openModel(directory);
}

function told(error: unknown): Told {
  if (!(error instanceof Error)) return { name: 'Error', message: String(error) };
  const code = 'code' in error && typeof error.code === 'string' ? { code: error.code } : {};
  return { name: error.name, message: error.message, ...code };
}
