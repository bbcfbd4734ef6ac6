import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { rollLayout } from '../../web/roll/layout.ts';
import { type Box, placeOf } from '../../web/roll/week.ts';
import { launchBrowser } from './browser.ts';
import { type TestStation, testStation } from './station.ts';

let browser: Browser;
let station: TestStation;
beforeAll(async () => {
  browser = await launchBrowser();
  station = await testStation(null);
}, 60_000);
afterAll(async () => {
  await browser?.close();
  await station?.end();
});

/** Colours of the light theme, as in style.css. */
const INK = [0x1d, 0x1b, 0x18];
const PAPER = [0xf3, 0xee, 0xdf];
const DESK = [0xe7, 0xdf, 0xca];
const TAPE = [0xd9, 0xc4, 0x8f];

test.each([
  ['wide', { width: 1_280, height: 800 }],
  ['narrow', { width: 390, height: 844 }],
])(
  'on a %s screen the roll ends among its week: gaps, hollow days, and the next one taped on',
  async (_, viewport) => {
    const page = await browser.newPage({ viewport, colorScheme: 'light', deviceScaleFactor: 2 });
    await page.route('**/piano/**', () => {});
    await page.goto(`${station.url}?state=ended`);
    await page.waitForFunction(() => document.body.dataset.state === 'ended');
    await page.waitForTimeout(1_000);
    const { width, height } = (await page.locator('#roll').boundingBox())!;
    const layout = rollLayout(width, height);
    /** Which part of a box has a colour, give or take what smoothing adds. */
    const part = (box: Box, colour: readonly number[]): Promise<number> =>
      page.evaluate(
        ([{ x, y, width, height }, wanted]) => {
          const canvas = document.getElementById('roll') as HTMLCanvasElement;
          const { data } = canvas.getContext('2d')!.getImageData(2 * x, 2 * y, 2 * width, 2 * height);
          let count = 0;
          for (let i = 0; i < data.length; i += 4)
            if (wanted.every((value, c) => Math.abs(value - data[i + c]!) < 12)) count++;
          return count / (data.length / 4);
        },
        [box, colour] as const,
      );
    const joint = (day: number): Box => ({
      ...placeOf(layout, day),
      x: placeOf(layout, day).x - 3,
      width: 6,
    });

    // The fixture: the 16th (a Monday), 19th and 20th were heard, the 17th by nobody, nothing was played on the 18th.
    const ink = await Promise.all([0, 1, 2, 3, 4, 5, 6].map((day) => part(placeOf(layout, day), INK)));
    for (const heard of [0, 3, 4, 5]) expect(ink[heard]).toBeGreaterThan(0.05);
    expect(ink[1]).toBeLessThan(ink[0]! / 2);
    expect(ink[2]).toBe(0);
    expect(await part(placeOf(layout, 2), DESK)).toBeGreaterThan(0.85);
    // The next day's paper is blank, and taped to today's.
    expect(ink[6]).toBe(0);
    expect(await part(placeOf(layout, 6), PAPER)).toBeGreaterThan(0.7);
    expect(await part(joint(6), TAPE)).toBeGreaterThan(0.5);
    // No tape where there is nothing to join.
    for (const gap of [2, 3]) expect(await part(joint(gap), TAPE)).toBe(0);
    await page.close();
  },
  30_000,
);

test('the roll sets off from the whole strip; without motion it is among the others at once', async () => {
  const ends = async (reducedMotion: 'reduce' | 'no-preference') => {
    const page = await browser.newPage({ colorScheme: 'light', reducedMotion });
    await page.route('**/piano/**', () => {});
    await page.goto(`${station.url}?state=end`);
    await page.waitForFunction(() => document.body.dataset.state === 'ended', null, { polling: 'raf' });
    // Two frames on, a roll on its way still covers the middle of the strip.
    const middle = await page.evaluate(async () => {
      for (let i = 0; i < 2; i++) await new Promise((resolve) => requestAnimationFrame(resolve));
      const canvas = document.getElementById('roll') as HTMLCanvasElement;
      const { data } = canvas
        .getContext('2d')!
        .getImageData(canvas.width * 0.25, canvas.height * 0.75, canvas.width / 2, 1);
      return [data[0]!, data[1]!, data[2]!];
    });
    await page.close();
    return middle;
  };
  expect(await ends('reduce')).toEqual(DESK);
  expect(await ends('no-preference')).not.toEqual(DESK);
}, 40_000);
