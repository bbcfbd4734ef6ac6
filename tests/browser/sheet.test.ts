import { beforeAll, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { openEngraver } from '../../src/engraving/engraver.ts';
import { publish } from '../../src/publish/publish.ts';
import { written } from '../support/written.ts';
import { TODAY } from './station.ts';
import { aBrowser, aStation, pictures } from './suite.ts';

const browser = aBrowser();
const station = aStation();
const folder = pictures('sheet');
const told: unknown[] = [];
let page: Page;
beforeAll(async () => {
  const { performances, site } = station();
  await performances.create(written(TODAY, 30, 20));
  const engraver = openEngraver((event, details) => void told.push(event, details));
  await publish(TODAY, { performances, site, engraver });
  page = await browser().newPage({ viewport: { width: 1_000, height: 1_400 } });
  page.on('console', (message) => {
    if (message.type() === 'error') told.push(message.text());
  });
  await page.goto(`${station().url}/${TODAY}/`);
  await page.locator('#roll').waitFor();
}, 180_000);

const seek = (ms: number) =>
  page.locator('#seek').evaluate((input: HTMLInputElement, to) => {
    input.value = String(to);
    input.dispatchEvent(new Event('input'));
  }, ms);
/** Whether the mark lies on the paper, and how much of it. */
const mark = () =>
  page.evaluate(() => {
    const box = (id: string) => document.getElementById(id)!.getBoundingClientRect();
    const [bar, paper] = [box('sheet-bar'), box('sheet')];
    return { within: bar.left > paper.left && bar.bottom < paper.bottom, part: bar.width / paper.width };
  });

test('the sheet follows the music: it turns its pages and marks the bar that is heard', async () => {
  await seek(9_000);
  await expect(page.locator('#sheet-at').textContent()).resolves.toMatch(/^Page 1 of \d, bar 5$/);
  expect(await page.locator('#sheet-page').getAttribute('src')).toBe(`/${TODAY}/sheet-1.svg`);
  const { within, part } = await mark();
  expect(within).toBe(true);
  expect(part).toBeGreaterThan(0.1);
  expect(part).toBeLessThan(0.7);
  await page.screenshot({ path: `${folder}/first.png`, fullPage: true });

  // The second movement begins a second after the first, which has thirty bars of two seconds.
  await seek(60_000);
  expect(await page.locator('#sheet-bar').isHidden()).toBe(true);
  await seek(100_000);
  await expect(page.locator('#sheet-at').textContent()).resolves.toMatch(/^Page [23] of \d, bar 50$/);
  expect(await page.locator('#sheet-page').getAttribute('src')).toMatch(/sheet-[23]\.svg$/);
  await page.locator('#sheet-page').evaluate((image: HTMLImageElement) => image.decode());
  await page.screenshot({ path: `${folder}/last.png`, fullPage: true });
});

test('a bar that is pressed is where the music goes on', async () => {
  await seek(0);
  const [{ bars }] = await page.evaluate(
    async (path) => [await (await fetch(path)).json()],
    `/${TODAY}/sheet.json`,
  );
  const [fromMs, , , x, y, width, height] = bars[3];
  const { width: across, height: down } = (await page.locator('#sheet').boundingBox())!;
  await page.locator('#sheet').click({
    position: { x: (x + width / 2) * across, y: (y + height / 2) * down },
  });
  expect(fromMs).toBe(6_000);
  expect(await page.locator('#seek').inputValue()).toBe('6000');
  expect(await page.locator('#sheet-at').textContent()).toMatch(/bar 4$/);
});

test('nothing was wrong on the way, and the files are what they say', async () => {
  expect(told).toEqual([]);
  for (const [name, type] of [
    ['sheet-1.svg', 'image/svg+xml'],
    ['sheet.pdf', 'application/pdf'],
    ['sheet.musicxml', 'application/vnd.recordare.musicxml+xml'],
  ] as const) {
    const response = await page.request.get(`${station().url}/${TODAY}/${name}`);
    expect(response.headers()['content-type']).toBe(type);
  }
});
