import { expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { violations } from './axe.ts';
import { aBrowser, aStation } from './suite.ts';

/** A visitor whose loudspeakers lag: what the page's audio graph is told to play when, before and after it is told so. */
const browser = aBrowser();
const station = aStation();

type Start = { readonly hz: number; readonly atS: number };

/** In the page: every oscillator, its frequency and its beginning on the audio clock. */
function tellStarts(): void {
  const world = globalThis as unknown as { starts: Start[]; clock: () => number };
  world.starts = [];
  const start = OscillatorNode.prototype.start;
  OscillatorNode.prototype.start = function (this: OscillatorNode, when = 0) {
    world.clock = () => this.context.currentTime;
    world.starts.push({ hz: Math.round(this.frequency.value * 10) / 10, atS: when });
    start.call(this, when);
  };
}
const starts = (page: Page) => page.evaluate(() => (globalThis as unknown as { starts: Start[] }).starts);
const forgetStarts = (page: Page) =>
  page.evaluate(() => {
    const world = globalThis as unknown as { starts: Start[]; clock: () => number };
    world.starts = [];
    return world.clock();
  });

test('a delay of 300 ms is played 300 ms earlier, is remembered, and what the device says of itself is told', async () => {
  const context = await browser().newContext();
  const page = await context.newPage();
  await page.addInitScript(tellStarts);
  await page.route('**/piano/**', () => {});
  await page.goto(`${station().url}/?state=live`);
  await page.locator('#join').click();
  await page.locator('.delay summary').click();
  expect(await page.locator('#latency-ms').textContent()).toBe('0 ms');
  expect(await page.locator('#latency-told').textContent()).toMatch(
    /^(This device says that its sound takes \d+ ms: that is counted in|This browser does not say)/,
  );
  await page.waitForTimeout(2_500);
  const before = await starts(page);
  const nowS = await forgetStarts(page);
  await page.fill('#latency', '300');
  // `change`, which a hand's letting go gives.
  await page.locator('#latency').dispatchEvent('change');
  await page.waitForTimeout(500);
  const after = await starts(page);
  expect(await page.locator('#latency-ms').textContent()).toBe('300 ms');
  // Notes that both plans hold: the same pitch, and far enough ahead not to be struck late.
  const pairs = after
    .filter(({ atS }) => atS > nowS + 0.45)
    .flatMap(({ hz, atS }) =>
      before
        .filter((one) => one.hz === hz && Math.abs(one.atS - atS - 0.3) < 0.05)
        .map((one) => one.atS - atS),
    );
  expect(pairs.length).toBeGreaterThan(1);
  for (const earlierS of pairs) expect(Math.abs(earlierS - 0.3)).toBeLessThan(0.012);
  expect(await violations(page)).toEqual([]);

  const next = await context.newPage();
  await next.goto(`${station().url}/?state=live`);
  await next.locator('#join').click();
  await next.locator('.delay summary').click();
  expect(await next.locator('#latency').inputValue()).toBe('300');
  await context.close();
}, 60_000);
