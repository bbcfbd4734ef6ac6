import { expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { violations } from './axe.ts';
import { aBrowser, aStation, pictures } from './suite.ts';

const SHOTS = pictures('stage');
const browser = aBrowser();
const station = aStation();

const opacity = (page: Page) =>
  page.evaluate(() => Number(getComputedStyle(document.querySelector('.desk')!).opacity));
const idle = (page: Page, wanted: boolean) =>
  page.waitForFunction((value) => document.body.dataset.idle === value, String(wanted), { polling: 50 });

/** How many pixels of the 88 keys lie under the head and under the desk. */
const keysFrom = (page: Page) =>
  page.evaluate(() => {
    const canvas = [...document.querySelectorAll<HTMLCanvasElement>('.strip > canvas.tile')].find(
      ({ clientWidth }) => clientWidth === 26,
    )!;
    const ratio = canvas.height / canvas.clientHeight;
    const { data } = canvas.getContext('2d')!.getImageData(0, 0, 1, canvas.height);
    const inked = (from: number, to: number) => {
      let count = 0;
      for (let y = Math.ceil(from * ratio); y < to * ratio; y++) if (data[y * 4 + 3]! > 0) count++;
      return count;
    };
    const head = document.querySelector('.head')!.getBoundingClientRect();
    const desk = document.querySelector('.desk')!.getBoundingClientRect();
    if (inked(head.bottom, desk.top) < 300) throw new Error('no keys are drawn');
    return { aboveKeys: inked(0, head.bottom), belowKeys: inked(desk.top, canvas.clientHeight) };
  });

test('the paper of the live minutes reaches to the edges; controls fade, and come back with a movement or a key', async () => {
  const page = await browser().newPage({ viewport: { width: 1_280, height: 800 }, reducedMotion: 'reduce' });
  await page.route('**/piano/**', () => {});
  await page.goto(`${station().url}/?state=live`);
  await page.locator('#join').click();
  await page.mouse.move(400, 300);
  await page.waitForFunction(() => document.body.dataset.stage === 'true');
  const { width, height, x, y } = (await page.locator('.strip').boundingBox())!;
  expect([x, y, width, height]).toEqual([0, 0, 1_280, 800]);
  expect(await opacity(page)).toBe(1);
  expect(await violations(page)).toEqual([]);
  await page.screenshot({ path: `${SHOTS}/controls.png` });
  // The canvas of the keys is as high as the window; what is drawn on it lies between head and desk.
  expect(await keysFrom(page)).toEqual({ aboveKeys: 0, belowKeys: 0 });
  await idle(page, true);
  expect(await opacity(page)).toBe(0);
  await page.screenshot({ path: `${SHOTS}/paper.png` });
  // A press where Mute lies unseen brings it back, and mutes nothing.
  const mute = (await page.locator('#mute').boundingBox())!;
  await page.mouse.move(mute.x + 5, mute.y + 5);
  await idle(page, false);
  expect(await opacity(page)).toBe(1);
  await idle(page, true);
  await page.keyboard.press('Tab');
  await idle(page, false);
  // What has the focus by a key stays to be seen.
  await page.waitForTimeout(5_000);
  expect(await opacity(page)).toBe(1);
  await page.close();
}, 60_000);

test('before one has joined, and while nothing plays, nothing fades', async () => {
  for (const state of ['live', 'waiting']) {
    const page = await browser().newPage();
    await page.goto(`${station().url}/?state=${state}`);
    await page.waitForFunction((wanted) => document.body.dataset.state === wanted, state);
    await page.waitForTimeout(5_000);
    expect(await opacity(page)).toBe(1);
    expect(await page.evaluate(() => document.body.dataset.stage)).toBe('false');
    await page.close();
  }
}, 60_000);

test('on a telephone on its side all of the controls are seen, and keys and title keep off each other', async () => {
  const page = await browser().newPage({ viewport: { width: 740, height: 360 }, reducedMotion: 'reduce' });
  await page.route('**/piano/**', () => {});
  await page.goto(`${station().url}/?state=live`);
  await page.locator('#join').click();
  await page.waitForFunction(() => document.body.dataset.stage === 'true');
  await page.waitForTimeout(500);
  const boxes = await page.evaluate(() =>
    [
      ...document.querySelectorAll(
        '.desk :is(button, input:not(details *), select, summary), #elapsed, #status',
      ),
    ]
      .map((element) => ({ id: element.id || element.tagName, box: element.getBoundingClientRect() }))
      .filter(({ box }) => box.width > 0)
      .map(({ id, box }) => ({ id, left: box.left, right: box.right, top: box.top, bottom: box.bottom })),
  );
  expect(boxes.map(({ id }) => id)).toEqual(['mute', 'volume', 'instrument', 'SUMMARY', 'elapsed', 'status']);
  for (const { left, right, top, bottom } of boxes) {
    expect(left).toBeGreaterThanOrEqual(0);
    expect(right).toBeLessThanOrEqual(740);
    expect(top).toBeGreaterThan(180);
    expect(bottom).toBeLessThanOrEqual(360);
  }
  // The keys stand from 6 to 32 pixels beyond the playhead, at two thirds.
  const label = page.locator('#label');
  expect((await label.boundingBox())!.x).toBeGreaterThan((2 / 3) * 740 + 32);
  await page.screenshot({ path: `${SHOTS}/landscape.png` });
  // So they do beside a title that does not go onto one line.
  await page.setViewportSize({ width: 1280, height: 720 });
  const left = await page.evaluate(() => {
    document.querySelector('#title')!.textContent = 'Song without words in F sharp minor';
    return document.querySelector('#label')!.getBoundingClientRect().left;
  });
  expect(left).toBeGreaterThan((2 / 3) * 1280 + 32);
  await page.close();
}, 60_000);

test('where colours are forced holes are still told from the paper', async () => {
  const context = await browser().newContext({ forcedColors: 'active' });
  const page = await context.newPage();
  await page.goto(`${station().url}/?state=waiting`);
  await page.locator('#last').waitFor();
  const inked = () =>
    page.locator('#last').evaluate((canvas: HTMLCanvasElement) => {
      const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
      const dark = new Set<number>();
      for (let i = 0; i < data.length; i += 4)
        if (data[i + 3]! > 250) dark.add((data[i]! << 16) | (data[i + 1]! << 8) | data[i + 2]!);
      return dark.size;
    });
  // Rules, holes, their edges and the playhead: as one colour all of it would be one.
  await page.waitForTimeout(1_000);
  expect(await inked()).toBeGreaterThan(2);
  await page.screenshot({ path: `${SHOTS}/forced.png` });
  await context.close();
}, 60_000);
