/** Days as sound in a thread of their own, which is gone afterwards with its two hundred megabytes. */
import { SHARE_ENV, Worker } from 'node:worker_threads';
import { messageOf } from '../errors.ts';
import type { Log, RenderedSound, Renderer } from '../ports.ts';
import type { Task, Told } from './task.ts';

const PIANO = new URL('../../web/piano/', import.meta.url);
/** Many times what fifteen minutes of music take. */
const LONGEST_MS = 1_800_000;

/** @param timeoutMs after which it is given up */
export function openRenderer(
  log: Log,
  {
    script = new URL('./entry.js', import.meta.url),
    timeoutMs = LONGEST_MS,
  }: { readonly script?: URL; readonly timeoutMs?: number } = {},
): Renderer {
  return async (midi, { onProgress = () => {}, signal } = {}) => {
    try {
      return await inThread({ midi, piano: PIANO.href }, { script, timeoutMs, onProgress, signal });
    } catch (error) {
      if (!signal?.aborted) log('sound.not_rendered', { reason: messageOf(error) });
      return null;
    }
  };
}

function inThread(
  task: Task,
  {
    script,
    timeoutMs,
    onProgress,
    signal,
  }: {
    readonly script: URL;
    readonly timeoutMs: number;
    readonly onProgress: (part: number) => void;
    readonly signal: AbortSignal | undefined;
  },
): Promise<RenderedSound> {
  signal?.throwIfAborted();
  const worker = new Worker(script, { workerData: task, env: SHARE_ENV, execArgv: [] });
  let settle = () => {};
  const sound = new Promise<RenderedSound>((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`not done after ${timeoutMs / 1000} s`)), timeoutMs);
    late.unref();
    const callOff = () => reject(new Error('called off'));
    signal?.addEventListener('abort', callOff, { once: true });
    settle = () => {
      clearTimeout(late);
      signal?.removeEventListener('abort', callOff);
    };
    worker.on('message', (told: Told) => {
      if ('sound' in told) resolve(told.sound);
      else onProgress(told.part);
    });
    worker.once('error', reject);
    worker.once('exit', (code) => reject(new Error(`the thread ended with code ${code}`)));
  });
  return sound.finally(() => {
    settle();
    return worker.terminate();
  });
}
