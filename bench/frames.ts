import { launchBrowser } from '../tests/browser/browser.ts';
import { playAt, testStation } from '../tests/browser/station.ts';
import { costOf, running, SCREENS, throttled, timeFrames, told } from './frames/measure.ts';

/**
 * What the live roll costs a frame at 30 notes a second, on a processor throttled to a quarter, as DevTools do for a
 * phone: `npm run bench -- frames --json`. `script` is our own work by the clock on the wall; `frame` adds the browser's
 * style, layout and painting up to the next task; both grow with whatever else the machine does, as do frames a second.
 * `mainThread` is processor time a frame, which does not, and which the target is on. Headless Chromium paints by
 * processor, on the main thread too, what a phone paints by its graphics chip.
 */
const NOTES_PER_SECOND = 30;
const WARM_MS = 14_000;
const MEASURED_MS = 8_000;

const MUSIC = running(NOTES_PER_SECOND, 40);

export async function run(): Promise<object> {
  const browser = await launchBrowser();
  const results: Record<string, Record<string, number>> = {};
  try {
    for (const [name, screen] of Object.entries(SCREENS)) {
      const station = await testStation(MUSIC);
      try {
        const context = await browser.newContext(screen);
        const page = await context.newPage();
        await timeFrames(page);
        await page.goto(station.url);
        playAt(station, Date.now() + 500);
        await page.waitForFunction(() => document.body.dataset.state === 'live');
        const devtools = await throttled(page);
        // The strip behind the playhead fills first.
        await page.waitForTimeout(WARM_MS);
        results[name] = await costOf(page, devtools, () => page.waitForTimeout(MEASURED_MS));
        await context.close();
      } finally {
        await station.end();
      }
    }
  } finally {
    await browser.close();
  }
  return told('frames', NOTES_PER_SECOND, results);
}
