import { beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { toMusic } from '../../src/music/note.ts';
import { publish } from '../../src/publish/publish.ts';
import { note, stored } from '../support/music.ts';
import { TODAY } from './station.ts';
import { aBrowser, aStation } from './suite.ts';

/** A long low note, a rest, then a long high one: a minute in all. */
const MUSIC = toMusic([note(0, 8_000, 40, 90), note(30_000, 8_000, 80, 90), note(59_000, 1_000, 60, 40)]);
const MUSIC_MS = 60_000;

const browser = aBrowser();
const station = aStation();
let page: Page;
const faults: string[] = [];
beforeAll(async () => {
  const { record, midi } = stored(TODAY, MUSIC);
  const movements = [
    { startMs: 0, title: 'Still' },
    { startMs: 30_000, title: 'Lively' },
  ];
  await station().performances.create({ midi, record: { ...record, movements } });
  await publish(
    TODAY,
    { performances: station().performances, site: station().site },
    { heard: 1, playedAt: null },
  );
  page = await browser().newPage({ viewport: { width: 1_024, height: 700 } });
  await page.addInitScript(noteStrikes);
  page.on('pageerror', ({ message }) => faults.push(message));
});
beforeEach(async () => {
  faults.length = 0;
  await page.goto('about:blank');
  await page.goto(`${station().url}/${TODAY}/`);
  await page.locator('#roll').waitFor();
});

/** In the page: counts sounds as they are begun, recorded or synthesised. */
function noteStrikes(): void {
  const world = globalThis as unknown as { strikes: number };
  world.strikes = 0;
  for (const kind of [AudioBufferSourceNode, OscillatorNode]) {
    const start = kind.prototype.start as (...args: unknown[]) => void;
    kind.prototype.start = function (this: AudioScheduledSourceNode, ...args: unknown[]) {
      // What goes round is the air of the room, and no note.
      if (!(this instanceof AudioBufferSourceNode && this.loop)) world.strikes++;
      return start.apply(this, args);
    } as typeof kind.prototype.start;
  }
}
const strikes = () => page.evaluate(() => (globalThis as unknown as { strikes: number }).strikes);
const elapsed = () => page.locator('#elapsed').textContent();
const box = async () => (await page.locator('#roll').boundingBox())!;
/** Where a time lies on the whole roll, from the window's left: 1.2 % of blank paper at both ends. */
const xOf = async (ms: number) => {
  const { x, width } = await box();
  return x + (width * (0.012 + ms / MUSIC_MS)) / 1.024;
};
const yOf = async (pitch: number) => {
  const { y, height } = await box();
  return y + height - 24 - (pitch - 20.5) * ((height - 48) / 88);
};

test('the whole roll under a finger: what the finger passes sounds, either way, and blank paper does not', async () => {
  const y = (await yOf(60)) + 30;
  const pull = async (fromMs: number, toMs: number) => {
    await page.mouse.move(await xOf(fromMs), y);
    await page.mouse.down();
    for (let i = 1; i <= 10; i++) await page.mouse.move(await xOf(fromMs + ((toMs - fromMs) * i) / 10), y);
    const struck = await strikes();
    await page.mouse.up();
    return struck;
  };
  expect(await pull(12_000, 25_000)).toBe(0);
  expect(await elapsed()).toMatch(/^0:2[45] \/ 1:00$/);
  const forward = await pull(25_000, 35_000);
  expect(forward).toBeGreaterThan(0);
  // Backwards over the end of the same hole.
  expect(await pull(45_000, 34_000)).toBeGreaterThan(forward);
  expect(await elapsed()).toMatch(/^0:3[34] \/ 1:00$/);
  expect(faults).toEqual([]);
});

test('near, the paper itself is drawn: to the left is later', async () => {
  await page.locator('#zoom').focus();
  await page.keyboard.press('End');
  const { x, y, width } = await box();
  await page.mouse.move(x + 700, y + 50);
  await page.mouse.down();
  for (let dx = 0; dx <= 512; dx += 64) await page.mouse.move(x + 700 - dx, y + 50);
  await page.mouse.up();
  // Half a strip of eight seconds.
  expect(Math.round(width)).toBe(1_024);
  expect(await elapsed()).toBe('0:04 / 1:00');
});

test('paper that a hand draws is only moved, nothing is painted for it, and it looks as it does at rest', async () => {
  await page.locator('#zoom').focus();
  await page.keyboard.press('End');
  const { x, y, width, height } = await box();
  await page.mouse.move(x + 700, y + 50);
  await page.mouse.down();
  for (let dx = 0; dx <= 300; dx += 30) await page.mouse.move(x + 700 - dx, y + 50);
  const clip = { x, y, width, height };
  // Once the hand rests, a frame later at most.
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve, 50))));
  const moved = await page.screenshot({ clip });
  const inked = () =>
    page.locator('#roll').evaluate((canvas: HTMLCanvasElement) => {
      const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
      return data.some((value) => value > 0);
    });
  expect(await inked()).toBe(false);
  await page.mouse.up();
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve, 50))));
  expect(await inked()).toBe(true);
  const rested = await page.screenshot({ clip });
  const [differ, dark] = await page.evaluate(
    async (pictures) => {
      const [a, b] = await Promise.all(
        pictures.map(async (base64) => {
          const image = new Image();
          image.src = `data:image/png;base64,${base64}`;
          await image.decode();
          const pen = new OffscreenCanvas(image.width, image.height).getContext('2d')!;
          pen.drawImage(image, 0, 0);
          return pen.getImageData(0, 0, image.width, image.height).data;
        }),
      );
      let [different, holes] = [0, 0];
      for (let i = 0; i < a!.length; i += 4) {
        if (Math.abs(a![i]! - b![i]!) > 40) different++;
        if (a![i]! < 60) holes++;
      }
      return [different, holes] as const;
    },
    [moved.toString('base64'), rested.toString('base64')],
  );
  expect(dark).toBeGreaterThan(500);
  expect(differ).toBeLessThan(dark / 20);
  expect(faults).toEqual([]);
});

test('a hole that is pressed sounds, and blank paper only says where to go on', async () => {
  await page.mouse.click(await xOf(20_000), await yOf(60));
  expect(await elapsed()).toMatch(/^0:(19|20) \/ 1:00$/);
  expect(await strikes()).toBe(0);
  await page.mouse.click(await xOf(33_000), await yOf(80));
  expect(await elapsed()).toBe('0:30 / 1:00');
  expect(await strikes()).toBeGreaterThan(0);
});

test('arrows go along the paper, and Home and End once it is in hand; wheel and keys come nearer', async () => {
  await page.keyboard.press('ArrowRight');
  expect(await elapsed()).toBe('0:05 / 1:00');
  // Till then they are the page's own. Chromium forgets a key that comes as the scrolling before it ends.
  const rested = page.evaluate(
    () => new Promise((resolve) => addEventListener('scrollend', () => resolve(scrollY), { once: true })),
  );
  await page.keyboard.press('End');
  expect(await elapsed()).toBe('0:05 / 1:00');
  expect(await rested).toBeGreaterThan(0);
  await page.keyboard.press('Home');
  await page.waitForFunction(() => scrollY === 0);
  await page.mouse.click(await xOf(20_000), await yOf(60));
  await page.keyboard.press('End');
  expect(await elapsed()).toBe('1:00 / 1:00');
  await page.keyboard.press('Home');
  expect(await elapsed()).toBe('0:00 / 1:00');
  await page.keyboard.press('+');
  expect(await page.locator('#zoom').inputValue()).toBe('10');
  await page.mouse.wheel(0, -600);
  await page.waitForFunction(() => (document.getElementById('zoom') as HTMLInputElement).value === '60');
});

test('a link of the programme leads to its movement as often as it is pressed', async () => {
  const link = page.getByRole('link', { name: '0:30' });
  await link.click();
  await page.waitForFunction(() => document.getElementById('elapsed')?.textContent === '0:30 / 1:00');
  await page.keyboard.press('ArrowRight');
  expect(await elapsed()).toBe('0:35 / 1:00');
  await link.click();
  expect(await elapsed()).toBe('0:30 / 1:00');
});
