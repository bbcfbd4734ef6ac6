import { expect, test } from '@jest/globals';
import { answerOfThread } from '../src/thread.ts';

/** A thread that runs this, with `tell` and what it was given as `data`. */
const running = (code: string): URL =>
  new URL(
    `data:text/javascript,${encodeURIComponent(
      `import { parentPort, workerData as data } from 'node:worker_threads'; const tell = (m) => parentPort.postMessage(m); ${code}`,
    )}`,
  );
const LONG = { timeoutMs: 60_000 };
const numbersAbove = (least: number, seen: unknown[] = []) => ({
  answerOf: (message: number) => {
    seen.push(message);
    return message > least ? message : null;
  },
});

test('the first message that is an answer is it; those before only tell', async () => {
  const seen: number[] = [];
  const script = running('for (let i = 1; i <= data.most; i++) tell(i); setInterval(() => {}, 1e6);');
  expect(await answerOfThread(script, { most: 3 }, { ...LONG, ...numbersAbove(2, seen) })).toBe(3);
  expect(seen).toEqual([1, 2, 3]);
});

test('a thread that throws is a fault with its own words', async () => {
  const script = running("throw new Error('no such piano');");
  await expect(answerOfThread(script, null, { ...LONG, ...numbersAbove(0) })).rejects.toThrow(
    'no such piano',
  );
});

test('a thread that ends without an answer is a fault with its code', async () => {
  const script = running('tell(0); process.exit(3);');
  await expect(answerOfThread(script, null, { ...LONG, ...numbersAbove(0) })).rejects.toThrow(
    'the thread ended with code 3',
  );
});

test('a thread that does not end is given up after its time', async () => {
  const script = running('for (;;);');
  await expect(answerOfThread(script, null, { timeoutMs: 300, ...numbersAbove(0) })).rejects.toThrow(
    'not done after 0.3 s',
  );
});

test('a thread is called off by the signal, before it began and in its midst', async () => {
  const script = running('tell(0); setInterval(() => {}, 1e6);');
  const reason = new Error('the station closes');
  await expect(
    answerOfThread(script, null, { ...LONG, ...numbersAbove(0), signal: AbortSignal.abort(reason) }),
  ).rejects.toBe(reason);
  const off = new AbortController();
  const answerOf = (message: number): number | null => {
    off.abort();
    return message > 0 ? message : null;
  };
  await expect(answerOfThread(script, null, { ...LONG, answerOf, signal: off.signal })).rejects.toThrow(
    'called off',
  );
});
