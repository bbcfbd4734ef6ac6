/** Tests that hold what is heard against the clock, with a witness beside them: nothing is tried again without a stall. */
import { setTimeout as sleep } from 'node:timers/promises';
import { test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { aBrowser } from '../suite.ts';
import { conclude, type Run } from './tries.ts';
import { witness } from './witness.ts';

/** Of a run that is inconclusive; the soak sets one. */
const TRIES = Number(process.env.PIANOLA_SOUND_TRIES ?? 6);
const PAUSE_MS = 5_000;
/** Of one run; a run that hangs has failed. */
const RUN_MS = 120_000;

export type Stage = {
  newPage(): Promise<Page>;
  /** To be called when all has been played: what the test itself computes from then on is no stall. */
  played(): Promise<void>;
};

/** For one suite, whose tests share a browser: declares a test; each run of it has new pages. */
export function witnessed(): (name: string, body: (stage: Stage) => Promise<void>) => void {
  const browser = aBrowser();
  return (name, body) => {
    const tell = (line: string) => process.stderr.write(`${name}: ${line}\n`);
    test(
      name,
      () =>
        conclude(
          () => runOnce(browser(), body),
          TRIES,
          () => sleep(PAUSE_MS),
          tell,
        ),
      TRIES * (RUN_MS + PAUSE_MS + 10_000),
    );
  };
}

async function runOnce(browser: Browser, body: (stage: Stage) => Promise<void>): Promise<Run> {
  const watch = await witness(browser);
  const limit = new AbortController();
  const tooLong = sleep(RUN_MS, undefined, { signal: limit.signal }).then(() => {
    throw new Error(`it did not end within ${RUN_MS / 1000} s`);
  });
  try {
    const played = async () => void (await watch.end());
    const failure = await Promise.race([body({ newPage: () => browser.newPage(), played }), tooLong]).then(
      () => null,
      (error: Error) => error,
    );
    return { failure, stalls: await watch.end() };
  } finally {
    limit.abort();
    for (const context of browser.contexts()) await context.close();
  }
}
