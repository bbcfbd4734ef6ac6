import { publish } from '../src/publish/publish.ts';
import { launchBrowser } from '../tests/browser/browser.ts';
import { TODAY, testStation } from '../tests/browser/station.ts';
import { stored } from '../tests/support/music.ts';
import {
  BUDGET_MS,
  busyMs,
  figuresOf,
  type Measured,
  running,
  SCREENS,
  THROTTLE,
  timeFrames,
  told,
} from './frames/measure.ts';

/**
 * What a frame costs while a hand draws a day's roll to and fro, ten notes a second sounding as they pass, on a processor
 * throttled to a quarter: `npm run bench -- drag --json`. The figures are those of `bench -- frames`; the target is on
 * the main thread's processor time a frame, since frames a second fall with whatever else the machine does.
 */
const NOTES_PER_SECOND = 10;
const MEASURED_MS = 8_000;
/** Of the hand: so many pixels a move, a move a frame, from one side of the paper to the other and back. */
const STEP_PX = 6;

const MUSIC = running(NOTES_PER_SECOND, 120);

export async function run(): Promise<object> {
  const browser = await launchBrowser();
  const station = await testStation(null);
  const results: Record<string, Record<string, number>> = {};
  try {
    await station.performances.create(stored(TODAY, MUSIC));
    const { performances, site } = station;
    await publish(TODAY, { performances, site }, { heard: 1, playedAt: null });
    for (const [name, screen] of Object.entries(SCREENS)) {
      const context = await browser.newContext(screen);
      const page = await context.newPage();
      await timeFrames(page);
      await page.goto(`${station.url}/${TODAY}/`);
      const roll = page.locator('#roll');
      await roll.waitFor();
      // Near, where the paper goes with the hand.
      await page.locator('#zoom').focus();
      await page.keyboard.press('End');
      const { x, y, width, height } = (await roll.boundingBox())!;
      const [left, right, middle] = [x + width * 0.1, x + width * 0.9, y + height / 2];
      const devtools = await context.newCDPSession(page);
      await devtools.send('Emulation.setCPUThrottlingRate', { rate: THROTTLE });
      await page.mouse.move(right, middle);
      await page.mouse.down();
      let [at, by] = [right, -STEP_PX];
      const draw = async (untilMs: number) => {
        for (const startedAt = performance.now(); performance.now() - startedAt < untilMs; ) {
          if (at + by < left || at + by > right) by = -by;
          at += by;
          const sentAt = performance.now();
          await page.mouse.move(at, middle);
          const restMs = BUDGET_MS - (performance.now() - sentAt);
          if (restMs > 0) await new Promise((resolve) => setTimeout(resolve, restMs));
        }
      };
      await draw(2_000);
      await devtools.send('Performance.enable', { timeDomain: 'threadTicks' });
      const from = await page.evaluate(() => performance.now());
      const before = await busyMs(devtools);
      await draw(MEASURED_MS);
      const frames = await page.evaluate(() => (window as unknown as Measured).frames);
      const busy = (await busyMs(devtools)) - before;
      await page.mouse.up();
      results[name] = figuresOf(
        frames.filter((frame) => frame.at >= from),
        busy,
      );
      await context.close();
    }
  } finally {
    await station.end();
    await browser.close();
  }
  return told('drag', NOTES_PER_SECOND, results);
}
