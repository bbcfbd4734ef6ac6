/** Watches the machine while a page is held against the clock, from a page of its own that the other knows nothing of. */
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { Browser } from 'playwright-core';
import { EVERY_MS, LATE_MS, type Stall, stallsOfAudio, stallsOfTimer } from './verdict.ts';

export type Witness = {
  /** Ends the watch, once; what it has seen. */
  end(): Promise<readonly Stall[]>;
};

/** Audio worklets want a secure context, which a blank page is not. Nothing is asked of the network. */
const ADDRESS = 'http://localhost/witness';

/** Both scripts stamp and judge nothing: `EVERY_MS` apart, and at each block of sound. */
const SCRIPT = `
  const url = (text) => URL.createObjectURL(new Blob([text], { type: 'text/javascript' }));
  const worker = new Worker(url(\`
    const stamps = [];
    setInterval(() => stamps.push(performance.now()), ${EVERY_MS});
    onmessage = () => postMessage(stamps);
  \`));
  const context = new AudioContext();
  const ready = context.audioWorklet.addModule(url(\`
    registerProcessor('witness', class extends AudioWorkletProcessor {
      constructor() {
        super();
        this.quanta = [];
        this.port.onmessage = () => this.port.postMessage(this.quanta);
      }
      process() {
        this.quanta.push([Date.now(), currentFrame]);
        return true;
      }
    });
  \`)).then(() => new AudioWorkletNode(context, 'witness', { numberOfOutputs: 0 }));
  const told = (port) => new Promise((resolve) => {
    port.onmessage = ({ data }) => resolve(data);
    port.postMessage(null);
  });
  globalThis.tell = async () => ({
    stamps: await told(worker),
    quanta: await told((await ready).port),
    sampleRate: context.sampleRate,
  });
  globalThis.begun = ready.then(() => true);
`;
/**
 * A thread of Node's beside ours: what the tests and the station compute themselves, in our own, is no fault of the machine's.
 * It answers with the longest delay of its event loop, milliseconds, its period counted in.
 */
const THREAD = `
  const { parentPort } = require('node:worker_threads');
  const loop = require('node:perf_hooks').monitorEventLoopDelay({ resolution: ${EVERY_MS} });
  loop.enable();
  parentPort.once('message', () => parentPort.postMessage(loop.max / 1e6));
  parentPort.postMessage('begun');
`;
type Told = { stamps: number[]; quanta: [number, number][]; sampleRate: number };
type Telling = { tell(): Promise<Told>; begun: Promise<true> };

export async function witness(browser: Browser): Promise<Witness> {
  const page = await browser.newPage();
  await page.route('**/*', (route) =>
    route.fulfill({ contentType: 'text/html', body: `<!doctype html><script>${SCRIPT}</script>` }),
  );
  await page.goto(ADDRESS);
  await page.evaluate(() => (globalThis as unknown as Telling).begun);
  const thread = new Worker(THREAD, { eval: true, execArgv: [] });
  await once(thread, 'message');
  let seen: Promise<readonly Stall[]> | undefined;
  return {
    end() {
      seen ??= (async () => {
        thread.postMessage('end');
        const [delayMs] = (await once(thread, 'message')) as [number];
        await thread.terminate();
        const { stamps, quanta, sampleRate } = await page.evaluate(() =>
          (globalThis as unknown as Telling).tell(),
        );
        await page.close();
        const late = delayMs - EVERY_MS;
        return [
          ...(late >= LATE_MS ? [{ by: 'node' as const, ms: late }] : []),
          ...stallsOfTimer('worker', stamps),
          ...stallsOfAudio(quanta, sampleRate),
        ];
      })();
      return seen;
    },
  };
}
