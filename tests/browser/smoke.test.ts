import { expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { refreshArchive } from '../../src/publish/publish.ts';
import { scale } from '../support/music.ts';
import { playAt, testStation } from './station.ts';
import { aBrowser, pictures } from './suite.ts';

const SHOTS = pictures('smoke');

const browser = aBrowser();

const state = (page: Page, name: string) =>
  page.waitForFunction((wanted) => document.body.dataset.state === wanted, name, { timeout: 15_000 });
const textOf = (page: Page, id: string) => page.locator(`#${id}`).textContent();

test('an evening by keyboard: waiting, join, doors, live, mute, stopped; no foreign request, no error', async () => {
  const station = await testStation(scale(60_000));
  try {
    // As preparing does before anybody comes: an empty archive is there.
    await refreshArchive({ performances: station.performances, site: station.site, log: () => {} });
    const context = await browser().newContext({
      viewport: { width: 1_280, height: 800 },
      timezoneId: 'Europe/Berlin',
    });
    const page = await context.newPage();
    const problems: string[] = [];
    const hosts = new Set<string>();
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') problems.push(message.text());
    });
    page.on('pageerror', (error) => problems.push(error.message));
    page.on('request', (request) => hosts.add(new URL(request.url()).host));
    await page.goto(station.url);

    await state(page, 'waiting');
    expect(await textOf(page, 'will-title')).toMatch(/^(Tonight|Tomorrow|Today) 20:00$/);
    // The station's zone is the visitor's.
    await page.waitForFunction(
      () => document.getElementById('will-zone')?.textContent === 'your time and the station’s',
    );
    await page.screenshot({ path: `${SHOTS}/waiting.png` });

    await page.keyboard.press('Space');
    await page.locator('#controls').waitFor();
    expect(await page.locator('#join').isHidden()).toBe(true);
    expect(await textOf(page, 'status')).toBe(
      'You will be there: sound is on, and this page waits. Keep it open.',
    );

    playAt(station, Date.now() + 12_500);
    await state(page, 'leader');
    await state(page, 'start');
    await state(page, 'live');
    await page.waitForFunction(() => document.getElementById('elapsed')?.textContent === '0:02 / 0:59');
    // The music in words, from the first bar on.
    expect(await textOf(page, 'status')).toBe('Flowing, in the middle, moderate, one voice.');
    await page.screenshot({ path: `${SHOTS}/live.png` });

    const muted = () => page.locator('#mute').getAttribute('aria-pressed');
    await page.keyboard.press('m');
    expect(await muted()).toBe('true');
    await page.keyboard.press('m');
    expect(await muted()).toBe('false');
    await page.locator('#volume').focus();
    await page.keyboard.press('ArrowLeft');
    expect(await page.locator('#volume').inputValue()).toBe('79');
    await page.locator('#theme').click();
    await page.screenshot({ path: `${SHOTS}/live-dark.png` });

    const broadcast = await station.broadcasts.current();
    await station.broadcasts.stop(broadcast!.id);
    await state(page, 'stopped');
    expect(await textOf(page, 'title')).toBe('Stopped');
    // Whoever is in stays in, for the next.
    expect(await page.locator('#controls').isVisible()).toBe(true);
    expect(await textOf(page, 'status')).toMatch(/^The performance was ended early\./);
    await page.screenshot({ path: `${SHOTS}/stopped.png` });

    expect(problems).toEqual([]);
    expect([...hosts]).toEqual([new URL(station.url).host]);
  } finally {
    await station.end();
  }
});

test('the roll is punched as it plays: holes appear up to the playhead, and none beyond it', async () => {
  const station = await testStation(scale(60_000, 150));
  try {
    const page = await browser().newPage({ viewport: { width: 1_000, height: 700 }, deviceScaleFactor: 2 });
    await page.goto(station.url);
    playAt(station, Date.now() - 20_000);
    await state(page, 'live');
    await page.waitForTimeout(500);
    const strip = await page.locator('.strip').boundingBox();
    const picture = (await page.screenshot({ clip: strip! })).toString('base64');
    /** Dark pixels left and right of the playhead, which stands at two thirds, as a visitor sees them. */
    const [past, future, width] = await page.evaluate(async (base64) => {
      const image = new Image();
      image.src = `data:image/png;base64,${base64}`;
      await image.decode();
      const canvas = new OffscreenCanvas(image.width, image.height);
      const pen = canvas.getContext('2d')!;
      pen.drawImage(image, 0, 0);
      const { data, width, height } = pen.getImageData(0, 0, image.width, image.height);
      const counts = [0, 0];
      // Below the label, which is printed on blank paper.
      for (let y = Math.round(height * 0.4); y < height; y++) {
        for (let x = 0; x < width; x++) {
          const i = 4 * (y * width + x);
          const dark = data[i]! < 60 && data[i + 1]! < 60 && data[i + 2]! < 60;
          if (dark) counts[x < (width * 2) / 3 + 4 ? 0 : 1]!++;
        }
      }
      return [counts[0]!, counts[1]!, width];
    }, picture);
    expect(width).toBe(2_000);
    expect(past).toBeGreaterThan(500);
    expect(future).toBe(0);
  } finally {
    await station.end();
  }
});
