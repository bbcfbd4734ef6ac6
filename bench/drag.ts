import type { Browser, CDPSession, Page } from 'playwright-core';
import { publish } from '../src/publish/publish.ts';
import { launchBrowser } from '../tests/browser/browser.ts';
import { TODAY, testStation } from '../tests/browser/station.ts';
import { stored } from '../tests/support/music.ts';
import { BUDGET_MS, costOf, round, running, SCREENS, throttled, timeFrames, told } from './frames/measure.ts';

/**
 * What a frame costs while a hand draws a day's roll to and fro, ten notes a second sounding as they pass, on a processor
 * throttled to a quarter: `npm run bench -- drag --json`. The figures are those of `bench -- frames`; the targets are on
 * the main thread: its processor time a frame, and 95 of 100 frames ready within one of sixty a second. What is shown of
 * them is given beside an empty page's under the same hand: headless Chromium composes the picture by processor.
 */
const NOTES_PER_SECOND = 10;
const WARM_MS = 2_000;
const MEASURED_MS = 8_000;
/** Of the hand: so many pixels a move, a move a frame, from one side of the paper to the other and back. */
const STEP_PX = 6;

/** A page that does nothing but move a square after the hand. */
const EMPTY = `<!doctype html><body style="margin:0;height:100vh"><i id="it" style="position:absolute;width:9px;height:9px;background:#000"></i>
<script>
  let asked = false;
  addEventListener('pointermove', ({ clientX }) => {
    if (asked) return;
    asked = true;
    requestAnimationFrame(() => {
      asked = false;
      it.style.transform = 'translate3d(' + clientX + 'px, 0, 0)';
    });
  });
</script>`;

const MUSIC = running(NOTES_PER_SECOND, 120);

type Strip = { readonly x: number; readonly y: number; readonly width: number; readonly height: number };
type Screen = (typeof SCREENS)[keyof typeof SCREENS];

export async function run(): Promise<object> {
  const browser = await launchBrowser();
  const station = await testStation(null);
  const results: Record<string, Record<string, number>> = {};
  try {
    await station.performances.create(stored(TODAY, MUSIC));
    const { performances, site } = station;
    await publish(TODAY, { performances, site }, { heard: 1, playedAt: null });
    for (const [name, screen] of Object.entries(SCREENS)) {
      const empty = await measured(browser, screen, async (page) => {
        await page.goto(`data:text/html,${encodeURIComponent(EMPTY)}`);
        return { x: 0, y: 0, ...screen.viewport };
      });
      const paper = await measured(browser, screen, async (page) => {
        await page.goto(`${station.url}/${TODAY}/`);
        const roll = page.locator('#roll');
        await roll.waitFor();
        // Near, where the paper goes with the hand.
        await page.locator('#zoom').focus();
        await page.keyboard.press('End');
        return (await roll.boundingBox())!;
      });
      results[name] = {
        ...paper,
        emptyFramesPerSecond: empty.framesPerSecond!,
        ratioToEmpty: round(paper.framesPerSecond! / empty.framesPerSecond!),
      };
    }
  } finally {
    await station.end();
    await browser.close();
  }
  const figures = told('drag', NOTES_PER_SECOND, results);
  return {
    ...figures,
    met: figures.met && Object.values(results).every((one) => one.frameP95Ms! <= BUDGET_MS),
  };
}

/** What frames cost under a hand that goes to and fro over a strip of a page. */
async function measured(
  browser: Browser,
  screen: Screen,
  open: (page: Page) => Promise<Strip>,
): Promise<Record<string, number>> {
  const context = await browser.newContext(screen);
  const page = await context.newPage();
  await timeFrames(page);
  const { x, y, width, height } = await open(page);
  const [left, right, middle] = [x + width * 0.1, x + width * 0.9, y + height / 2];
  const devtools = await throttled(page);
  await page.mouse.move(right, middle);
  await page.mouse.down();
  const draw = hand(devtools, middle, left, right);
  await draw(WARM_MS);
  const figures = await costOf(page, devtools, () => draw(MEASURED_MS));
  await context.close();
  return figures;
}

/** Moves that do not wait for one another: a hand does not wait for the page. */
function hand(devtools: CDPSession, y: number, left: number, right: number) {
  let [x, by] = [right, -STEP_PX];
  return async (forMs: number) => {
    const startedAt = performance.now();
    for (let moves = 1; performance.now() - startedAt < forMs; moves++) {
      if (x + by < left || x + by > right) by = -by;
      x += by;
      void devtools.send('Input.dispatchMouseEvent', {
        type: 'mouseMoved',
        x,
        y,
        button: 'left',
        buttons: 1,
      });
      const restMs = moves * BUDGET_MS - (performance.now() - startedAt);
      if (restMs > 0) await new Promise((resolve) => setTimeout(resolve, restMs));
    }
  };
}
