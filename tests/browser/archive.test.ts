import { beforeAll, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { publish } from '../../src/publish/publish.ts';
import { scale, stored } from '../support/music.ts';
import { violations } from './axe.ts';
import { aBrowser, aStation, pictures } from './suite.ts';

const SHOTS = pictures('archive');
const SIZES = {
  desktop: { width: 1_280, height: 800 },
  phone: { width: 390, height: 844 },
} as const;

/** A published day, and how many heard it. */
const DAYS: readonly (readonly [id: string, heard: number | null])[] = [
  ['2026-10-30', 3],
  ['2026-11-01', 0],
  ['2026-11-19', 14],
  ['2026-11-20', null],
  ['2026-11-21', 7],
];

const browser = aBrowser();
const station = aStation();
beforeAll(async () => {
  for (const [i, [id, heard]] of DAYS.entries()) {
    const { record, midi } = stored(id, scale(20_000 + 7_000 * i, 170 + 60 * i));
    const movements = [{ startMs: 0, title: 'Calm <and> soft' }];
    await station().performances.create({
      midi,
      record: { ...record, title: `Prelude ${i + 1}`, movements },
    });
    await publish(
      id,
      { performances: station().performances, site: station().site, siteUrl: station().url },
      { heard, playedAt: null },
    );
  }
});

const overflow = (page: Page) =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
const hrefs = (page: Page, selector: string) =>
  page.locator(selector).evaluateAll((links) => links.map((link) => link.getAttribute('href')));
const visibleDays = (page: Page) =>
  page
    .locator('.textile td a')
    .evaluateAll((links) =>
      links
        .filter((link) => link.getClientRects().length > 0 && !link.closest('.other'))
        .map((link) => link.getAttribute('href')),
    );

test('without JavaScript the archive leads to each day, and each day is whole', async () => {
  const context = await browser().newContext({ javaScriptEnabled: false, acceptDownloads: true });
  const page = await context.newPage();
  await page.goto(`${station().url}/archive/`);
  expect(await hrefs(page, '.textile a')).toEqual([
    '/2026-11-19/',
    '/2026-11-20/',
    '/2026-11-21/',
    '/2026-10-30/',
    '/2026-11-01/',
  ]);
  expect(await page.locator('.unheard').count()).toBe(1);
  expect(await page.locator('#theme').isHidden()).toBe(true);
  await page.getByRole('link', { name: 'October', exact: true }).click();
  expect(new URL(page.url()).hash).toBe('#2026-10');

  await page.getByRole('link', { name: 'Thursday, 19 November 2026, Prelude 3, 0:33, heard by 14' }).click();
  expect(new URL(page.url()).pathname).toBe('/2026-11-19/');
  expect(await page.locator('h1').textContent()).toBe('Prelude 3');
  expect(await page.locator('.facts').textContent()).toBe(
    '19 November 2026 · 0:33 · 117 notes · heard by 14',
  );
  expect((await page.locator('.whole').boundingBox())!.width).toBe(1_280);
  expect(await page.locator('#replay').isHidden()).toBe(true);
  const download = page.waitForEvent('download');
  await page.getByRole('link', { name: 'MIDI file' }).click();
  expect((await download).suggestedFilename()).toBe('pianola-2026-11-19.mid');
  await page.getByRole('link', { name: 'After: Prelude 4' }).click();
  expect(await page.locator('h1').textContent()).toBe('Prelude 4');
  await page.getByRole('link', { name: 'Before: Prelude 3' }).click();
  await page.locator('nav.days').getByRole('link', { name: 'Archive' }).click();
  expect(new URL(page.url()).pathname).toBe('/archive/2026/');
  await context.close();
});

test('with JavaScript the months filter, by keyboard as well, and the way back leads back', async () => {
  const page = await browser().newPage();
  const month = (name: string) => page.getByRole('link', { name, exact: true });
  /** The days seen once a month is marked as the chosen one. */
  const shown = async (name: string) => {
    await page.locator('.months [aria-current]', { hasText: name }).waitFor();
    return visibleDays(page);
  };
  await page.goto(`${station().url}/archive/`);
  expect((await shown('All')).length).toBe(5);
  await month('October').focus();
  await page.keyboard.press('Enter');
  expect(await shown('October')).toEqual(['/2026-10-30/']);
  await month('November').click();
  expect((await shown('November')).length).toBe(4);
  await page.goBack();
  expect(await shown('October')).toEqual(['/2026-10-30/']);
  await month('All').click();
  expect((await shown('All')).length).toBe(5);
  // What names no month filters nothing.
  await page.goto(`${station().url}/archive/#"><script>`);
  expect((await shown('All')).length).toBe(5);
  await page.close();
});

test.each(['/archive/', '/2026-11-21/', '/2026-11-01/'])(
  '%s in both themes and widths: no fault by axe-core, nothing too wide, nobody else asked',
  async (path) => {
    for (const [width, viewport] of Object.entries(SIZES)) {
      const page = await browser().newPage({ viewport, colorScheme: 'light' });
      const faults: string[] = [];
      page.on('pageerror', ({ message }) => faults.push(message));
      page.on('console', (message) => {
        if (message.type() === 'error' || message.type() === 'warning') faults.push(message.text());
      });
      page.on('websocket', (socket) => faults.push(socket.url()));
      page.on('request', (request) => {
        if (!request.url().startsWith(station().url)) faults.push(request.url());
      });
      await page.goto(station().url + path, { waitUntil: 'networkidle' });
      expect(await overflow(page)).toBe(0);
      expect(await violations(page)).toEqual([]);
      const name = path.replaceAll('/', '');
      await page.screenshot({ path: `${SHOTS}/${name}-${width}-light.png`, fullPage: true });
      const paper = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
      const light = await paper();
      await page.locator('#theme').click();
      expect(await paper()).not.toBe(light);
      expect(await violations(page)).toEqual([]);
      await page.screenshot({ path: `${SHOTS}/${name}-${width}-dark.png`, fullPage: true });
      expect(faults).toEqual([]);
      await page.close();
    }
  },
  60_000,
);

test('the picture to share and the picture of the roll are pictures', async () => {
  const page = await browser().newPage();
  await page.goto(`${station().url}/2026-11-21/`);
  const sizes = await page.evaluate(async () => {
    const load = async (src: string) => {
      const image = new Image();
      image.src = src;
      await image.decode();
      return [image.naturalWidth, image.naturalHeight];
    };
    const shared = document.querySelector<HTMLMetaElement>('meta[property="og:image"]')!.content;
    return [await load(shared), await load('/2026-11-21/roll.png')];
  });
  expect(sizes).toEqual([
    [1_200, 630],
    [1_248, 576],
  ]);
  await page.close();
});
