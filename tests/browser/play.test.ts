import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { readMidiFile } from '../../src/music/midi/file.ts';
import { writeMidiFile } from '../../src/music/midi/write.ts';
import { scale } from '../support/music.ts';
import { violations } from './axe.ts';
import { type GoingOn, goingOn, uploadsAtOnce } from './going-on.ts';
import type { TestStation } from './station.ts';
import { aBrowser, pictures } from './suite.ts';
import { tapSound } from './tap.ts';

/** The real station, its route and its queue, with a network that needs no training. */
const SHOTS = pictures('play');
const browser = aBrowser();
let station: TestStation;
let open: GoingOn;
let page: Page;
const faults: string[] = [];
beforeAll(async () => {
  open = await goingOn();
  ({ station } = open);
});
afterAll(() => open.end());
beforeEach(async () => {
  faults.length = 0;
  page = await aPage();
});

async function aPage(hash = ''): Promise<Page> {
  const context = await browser().newContext({
    viewport: { width: 1_280, height: 860 },
    permissions: ['clipboard-read', 'clipboard-write'],
  });
  const opened = await context.newPage();
  opened.on('pageerror', ({ message }) => faults.push(message));
  await opened.addInitScript(tapSound);
  await opened.goto(`${station.url}/play/${hash}`);
  await opened.locator('#keys span').first().waitFor();
  return opened;
}
const sounds = async (of: Page) => {
  await of.evaluate(() => Object.assign(globalThis, { loudest: 0 }));
  await of.waitForFunction(() => (globalThis as unknown as { loudest: number }).loudest > 1e-3);
};
const status = (text: RegExp, of = page) => of.locator('#status').filter({ hasText: text }).waitFor();
const give = (name: string, bytes: Uint8Array, of = page) =>
  of.locator('#file').setInputFiles({ name, mimeType: 'audio/midi', buffer: Buffer.from(bytes) });
/** How much of the paper is punched: pixels of the strip that are not its commonest colour. */
const punched = () =>
  page.locator('#roll').evaluate((canvas: HTMLCanvasElement) => {
    const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
    let dark = 0;
    for (let i = 3; i < data.length; i += 4) if (data[i]! > 200) dark++;
    return dark;
  });

test('four bars on the computer’s keys sound, are shown, and are gone on from: heard, downloaded, shared', async () => {
  const empty = await punched();
  const before = page.locator('#ask');
  expect(await before.isDisabled()).toBe(true);
  const bars = [...'zcbmqwer', ...'tewqmbcz'];
  for (const [i, key] of bars.entries()) {
    await page.keyboard.down(key);
    if (i === 0) {
      await sounds(page);
      expect(await page.locator('.keys .down').getAttribute('data-pitch')).toBe('48');
    }
    await page.waitForTimeout(60);
    await page.keyboard.up(key);
  }
  await page.waitForTimeout(250);
  expect(await page.locator('.keys .down').count()).toBe(0);
  expect(await punched()).toBeGreaterThan(empty);
  await page.screenshot({ path: `${SHOTS}/played.png` });
  await page.locator('#ask').click();
  await status(/^Done: Continuation in /);
  await page.screenshot({ path: `${SHOTS}/done.png` });
  expect(await violations(page)).toEqual([]);

  const [download] = await Promise.all([page.waitForEvent('download'), page.locator('#download').click()]);
  expect(download.suggestedFilename()).toBe('Played here.mid');
  const parts: Buffer[] = [];
  for await (const part of await download.createReadStream()) parts.push(part as Buffer);
  const file = readMidiFile(Buffer.concat(parts));
  if ('problem' in file) throw new Error(file.problem);
  expect(file.music.notes.slice(0, 16).map(({ pitch }) => pitch)).toEqual([
    ...[48, 52, 55, 59, 60, 62, 64, 65, 67, 64, 62, 60, 59, 55, 52, 48],
  ]);
  // How many are added hangs on how the keys were pressed in time, which no test decides.
  expect(file.music.notes.length).toBeGreaterThan(16);

  await page.locator('#hear').click();
  await sounds(page);
  await page.locator('#hear').click();
  await status(/^Paused/);

  await page.locator('#share').click();
  await status(/link/);
  const link = await page.locator('#address').inputValue();
  expect(link).toMatch(/\/play\/#[0-9a-f]{32}$/);
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(link);
  const other = await aPage(new URL(link).hash);
  await status(/^Done: Continuation in /, other);
  await other.locator('#forget').click();
  await status(/^It is forgotten/, other);
  const third = await aPage(new URL(link).hash);
  await status(/nothing here any more/, third);
  expect(faults).toEqual([]);
});

test('the mouse plays, louder lower down; a finger that slides plays along', async () => {
  const key = page.locator('.keys [data-pitch="60"]');
  await key.scrollIntoViewIfNeeded();
  const box = (await key.boundingBox())!;
  await page.mouse.move(box.x + box.width / 2, box.y + box.height - 5);
  await page.mouse.down();
  await sounds(page);
  expect(await page.locator('.keys .down').getAttribute('data-pitch')).toBe('60');
  await page.mouse.move(box.x + box.width * 1.5, box.y + box.height - 5);
  expect(await page.locator('.keys .down').getAttribute('data-pitch')).toBe('62');
  await page.mouse.up();
  expect(await page.locator('.keys .down').count()).toBe(0);
  expect(await page.locator('.keys span').count()).toBe(88);
  expect(await page.locator('.keys .black').count()).toBe(36);
});

test('an HTML file that is named .mid is refused in words, and the page goes on', async () => {
  await give('song.mid', new TextEncoder().encode('<!doctype html><title>Not found</title>'));
  await status(/^It cannot be gone on from: song\.mid is no music that can be read: .*MIDI/);
  await page.screenshot({ path: `${SHOTS}/refused.png` });
  expect(await violations(page)).toEqual([]);
  await give('scale.mid', writeMidiFile({ title: 'Scale', music: scale(6_000, 250), markers: [] }));
  await status(/^Done: /);
});

test('a file that is longer than any that is taken is not sent', async () => {
  await give('long.mid', new Uint8Array(1_000_001));
  await status(/^It cannot be gone on from: long\.mid has 1,000,001 bytes, and 1,000,000 is the most/);
  expect(await page.locator('#ask').isDisabled()).toBe(true);
});

test('repairs are told beside the music', async () => {
  const whole = writeMidiFile({ title: 'Cut', music: scale(6_000, 250), markers: [] });
  await give('cut.mid', whole.subarray(0, whole.length - 6));
  await status(/^Done: /);
  expect(await page.locator('#warnings').innerText()).toContain('tracks that end before they say');
});

test('twenty uploads at once, each of its own visitor, are queued and end', async () => {
  const midi = writeMidiFile({ title: 'Scale', music: scale(6_000, 250), markers: [] });
  const ends = await uploadsAtOnce(page, midi, 20);
  expect(ends).toEqual(Array(20).fill('201 201 done'));
}, 120_000);

test('nothing of axe, in both themes and on a telephone', async () => {
  expect(await violations(page)).toEqual([]);
  await page.locator('#theme').click();
  expect(await violations(page)).toEqual([]);
  await page.setViewportSize({ width: 360, height: 740 });
  await page.screenshot({ path: `${SHOTS}/telephone.png`, fullPage: true });
  expect(await violations(page)).toEqual([]);
  const wide = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
  expect(wide).toBe(false);
});

test('the first screen leads here', async () => {
  await page.goto(station.url);
  await page.locator('a[href="/play/"]').click();
  await page.waitForURL(/\/play\/$/);
});
