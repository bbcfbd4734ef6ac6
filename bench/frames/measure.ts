/** What a page's frames cost: each animation frame timed from before the page's own scripts, and the main thread's processor time. */

import type { CDPSession, Page } from 'playwright-core';
import { type Music, type Note, toMusic } from '../../src/music/note.ts';

/** As DevTools do for a phone. */
const THROTTLE = 4;
export const BUDGET_MS = 1_000 / 60;

type Frame = { readonly at: number; readonly script: number; readonly frame: number };
type Measured = { frames: { at: number; script: number; frame: number }[] };

/** Before the page's own scripts: times every animation frame. */
export async function timeFrames(page: Page): Promise<void> {
  // The name that tsx gives to functions has no meaning in a page.
  await page.addInitScript('globalThis.__name = (named) => named');
  await page.addInitScript(() => {
    const frames: Measured['frames'] = [];
    (window as unknown as Measured).frames = frames;
    const request = window.requestAnimationFrame.bind(window);
    const after = new MessageChannel();
    let painted = () => {};
    after.port1.onmessage = () => painted();
    window.requestAnimationFrame = (callback) =>
      request((time) => {
        const at = performance.now();
        callback(time);
        const script = performance.now() - at;
        painted = () => frames.push({ at, script, frame: performance.now() - at });
        after.port2.postMessage(null);
      });
  });
}

const quantile = (values: readonly number[], q: number): number => {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? 0;
};
export const round = (value: number): number => Math.round(value * 100) / 100;

/** The processor throttled, as a phone's; main-thread time is counted from here on. */
export async function throttled(page: Page): Promise<CDPSession> {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('Emulation.setCPUThrottlingRate', { rate: THROTTLE });
  return devtools;
}

/** What the frames cost that were shown while `lasts` went on. */
export async function costOf(page: Page, devtools: CDPSession, lasts: () => Promise<unknown>) {
  await devtools.send('Performance.enable', { timeDomain: 'threadTicks' });
  const from = await page.evaluate(() => performance.now());
  const before = await busyMs(devtools);
  await lasts();
  const frames = await page.evaluate(() => (window as unknown as Measured).frames);
  const busy = (await busyMs(devtools)) - before;
  return figuresOf(
    frames.filter(({ at }) => at >= from),
    busy,
  );
}

/** Processor time that the main thread has spent on tasks, milliseconds: what other processes take does not count. */
async function busyMs(devtools: CDPSession): Promise<number> {
  const { metrics } = await devtools.send('Performance.getMetrics');
  return 1_000 * (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN);
}

function figuresOf(frames: readonly Frame[], busy: number): Record<string, number> {
  const script = frames.map((one) => one.script);
  const whole = frames.map((one) => one.frame);
  const lastedMs = frames.at(-1)!.at - frames[0]!.at;
  return {
    frames: frames.length,
    scriptP50Ms: round(quantile(script, 0.5)),
    scriptP95Ms: round(quantile(script, 0.95)),
    frameP50Ms: round(quantile(whole, 0.5)),
    frameP95Ms: round(quantile(whole, 0.95)),
    framesPerSecond: round(((frames.length - 1) * 1_000) / lastedMs),
    mainThreadMs: round(busy / frames.length),
    /** Of the mean processor time of a frame, everything on the main thread included, to 16.7 ms. */
    ratioToBudget: round(busy / frames.length / BUDGET_MS),
  };
}

export const SCREENS = {
  phone: { viewport: { width: 390, height: 844 }, deviceScaleFactor: 3 },
  desktop: { viewport: { width: 1_280, height: 800 }, deviceScaleFactor: 1 },
} as const;

/** So many notes a second, each held from a tenth of a second to two, over the whole keyboard. */
export const running = (notesPerSecond: number, seconds: number): Music =>
  toMusic(
    Array.from({ length: notesPerSecond * seconds }, (_, i): Note => {
      const onsetMs = Math.round((i * 1_000) / notesPerSecond);
      return {
        onsetMs,
        durationMs: 100 + ((i * 271) % 1_900),
        pitch: 21 + ((i * 37) % 88),
        velocity: 30 + ((i * 29) % 80),
      };
    }),
  );

/** What a bench says of its screens. */
export const told = (
  bench: string,
  notesPerSecond: number,
  results: Readonly<Record<string, Record<string, number>>>,
) => ({
  bench,
  notesPerSecond,
  throttle: THROTTLE,
  budgetMs: round(BUDGET_MS),
  ...results,
  met: Object.values(results).every(({ ratioToBudget }) => ratioToBudget! <= 1),
});
