import { expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { record, struckBy } from './recorder.ts';
import { aBrowser, aStation } from './suite.ts';

const browser = aBrowser();
const station = aStation();

/** What has the focus, and whether that can be seen. */
const focused = (page: Page) =>
  page.evaluate(() => {
    const element = document.activeElement!;
    const { outlineStyle, outlineWidth } = getComputedStyle(element);
    const seen = outlineStyle !== 'none' && Number.parseFloat(outlineWidth) >= 2;
    return `${element.id || element.tagName.toLowerCase()}${seen ? '' : ' (unseen)'}`;
  });
async function walk(page: Page, steps: number): Promise<string[]> {
  const met: string[] = [];
  for (let i = 0; i < steps; i++) {
    await page.keyboard.press('Tab');
    met.push(await focused(page));
  }
  return met;
}

test('everything is reached by Tab, in order of reading, and the focus is seen', async () => {
  const page = await browser().newPage();
  await page.goto(`${station().url}?state=live`);
  await page.locator('#join').waitFor();
  expect(await walk(page, 3)).toEqual(['theme', 'join', 'a']);
  await page.locator('#join').focus();
  await page.keyboard.press('Enter');
  await page.locator('#mute').waitFor();
  expect(await page.evaluate(() => document.activeElement?.id)).toBe('mute');
  // The summary opens the listener's delay.
  expect(await walk(page, 4)).toEqual(['volume', 'instrument', 'summary', 'a']);
  await page.keyboard.press('m');
  expect(await page.locator('#mute').getAttribute('aria-pressed')).toBe('true');
});

test('before it begins the sound can be tried: a chord, and only then', async () => {
  const page = await browser().newPage();
  await record(page, 0);
  await page.goto(`${station().url}?state=doors`);
  await page.locator('#join').focus();
  await page.keyboard.press('Enter');
  await page.locator('#check').focus();
  expect(await struckBy(page)).toEqual([]);
  await page.keyboard.press('Enter');
  await page.waitForFunction(
    () => (window as unknown as { recorder: { struck: unknown[] } }).recorder.struck.length > 0,
  );
  const struck = await struckBy(page);
  expect(struck).toHaveLength(4);
  // One after the other, by the audio clock: how it stands to the other one is not settled yet. What a slow machine makes too late is struck at once.
  const gaps = struck.slice(1).map(({ attackS }, i) => (attackS - struck[i]!.attackS) * 1_000);
  for (const gap of gaps) expect(gap).toBeLessThan(130);
  expect(Math.min(...gaps)).toBeGreaterThanOrEqual(0);
  expect(struck[3]!.attackS - struck[0]!.attackS).toBeGreaterThan(0.11);
  // And all are let go.
  expect(struck.every(({ stopsAt }) => stopsAt !== null)).toBe(true);
  await page.goto(`${station().url}?state=live`);
  await page.locator('#join').click();
  await page.locator('#mute').waitFor();
  expect(await page.locator('#check').isHidden()).toBe(true);
});
