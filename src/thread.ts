/** One answer from a thread of its own, which is gone afterwards with all its memory. */
import { SHARE_ENV, Worker } from 'node:worker_threads';

/**
 * Runs a script until it posts its answer.
 * @param workerData what the script finds under this name
 * @param timeoutMs after which it is given up
 * @param answerOf of a message: the answer, or null where it tells something else
 * @throws Error where the thread fails or ends without an answer, is too slow, or is called off by the signal
 */
export async function answerOfThread<Message, Answer>(
  script: URL | string,
  workerData: unknown,
  {
    timeoutMs,
    answerOf,
    signal,
  }: {
    readonly timeoutMs: number;
    readonly answerOf: (message: Message) => Answer | null;
    readonly signal?: AbortSignal | undefined;
  },
): Promise<Answer> {
  signal?.throwIfAborted();
  // No loaders of ours: one of TypeScript takes half a minute and a gigabyte over some modules that are run so.
  const worker = new Worker(script, { workerData, env: SHARE_ENV, execArgv: [] });
  let settle = () => {};
  const answer = new Promise<Answer>((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`not done after ${timeoutMs / 1000} s`)), timeoutMs);
    late.unref();
    const callOff = () => reject(new Error('called off'));
    signal?.addEventListener('abort', callOff, { once: true });
    settle = () => {
      clearTimeout(late);
      signal?.removeEventListener('abort', callOff);
    };
    worker.on('message', (message: Message) => {
      const found = answerOf(message);
      if (found !== null) resolve(found);
    });
    worker.once('error', reject);
    worker.once('exit', (code) => reject(new Error(`the thread ended with code ${code}`)));
  });
  try {
    return await answer;
  } finally {
    settle();
    await worker.terminate();
  }
}
