import { expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { toMusic } from '../../src/music/note.ts';
import { publish } from '../../src/publish/publish.ts';
import { note, stored } from '../support/music.ts';
import { type TestStation, testStation } from './station.ts';
import { aBrowser, pictures } from './suite.ts';

const SHOTS = pictures('week');
const browser = aBrowser();

/** Each day another key, every quarter of a second for three seconds. */
const DAYS = { '2026-11-19': 48, '2026-11-20': 60, '2026-11-21': 72 } as const;
const pieceOf = (pitch: number) =>
  toMusic(Array.from({ length: 12 }, (_, i) => note(i * 250, 200, pitch, 80)));

async function withWeek(use: (page: Page, station: TestStation) => Promise<void>): Promise<void> {
  const station = await testStation(null);
  try {
    for (const [id, pitch] of Object.entries(DAYS)) {
      const { record, midi } = stored(id, pieceOf(pitch));
      await station.performances.create({ midi, record: { ...record, title: `Key ${pitch}` } });
      await publish(id, { ...station, siteUrl: station.url }, { heard: 2, playedAt: null });
    }
    const page = await browser().newPage({ viewport: { width: 1_280, height: 900 } });
    await page.addInitScript(tellStarts);
    // Without recordings every key is synthesised, and known by its pitch.
    await page.route('**/piano/**', () => {});
    await use(page, station);
    await page.close();
  } finally {
    await station.end();
  }
}

/** In the page: how often anything was made to sound. */
function tellStarts(): void {
  const world = globalThis as unknown as { starts: number };
  world.starts = 0;
  const start = OscillatorNode.prototype.start;
  OscillatorNode.prototype.start = function (this: OscillatorNode, when?: number) {
    world.starts++;
    start.call(this, when);
  };
}
/** In the page: a strip gets the focus by script as soon as it is there; what has sounded a second later. */
function focusWithoutGesture(): void {
  const world = globalThis as unknown as { starts: number; before: unknown };
  const look = () => {
    const strip = document.querySelector<HTMLElement>('#strips a');
    if (!strip) return void setTimeout(look, 50);
    strip.focus({ focusVisible: true } as FocusOptions);
    setTimeout(() => {
      const focused = document.activeElement?.getAttribute('href');
      world.before = { focused, active: navigator.userActivation.hasBeenActive, starts: world.starts };
    }, 1_000);
  };
  look();
}
const starts = (page: Page) => page.evaluate(() => (globalThis as unknown as { starts: number }).starts);
const playing = (page: Page) =>
  page.locator('#strips .playing a').evaluateAll((all) => all.map((link) => link.getAttribute('href')));

test(
  'the week runs straight over the tape from day to day, and then the last roll lies there again',
  () =>
    withWeek(async (page, station) => {
      await page.goto(station.url);
      await page.locator('#play-week', { hasText: 'Play the week' }).click();
      const seen: string[] = [];
      for (const id of Object.keys(DAYS)) {
        await page.locator(`#strips .playing a[data-day="${id}"]`).waitFor({ timeout: 15_000 });
        expect(await playing(page)).toEqual([`/${id}/`]);
        expect(await page.locator('#hear').textContent()).toBe('Pause');
        seen.push((await page.locator('#title').textContent()) ?? '');
        expect(await page.locator('#day-link').getAttribute('href')).toBe(`/${id}/`);
        if (id === '2026-11-20') await page.screenshot({ path: `${SHOTS}/playing.png` });
      }
      expect(seen).toEqual(['Key 48', 'Key 60', 'Key 72']);
      await page.locator('#play-week', { hasText: 'Play the week' }).waitFor({ timeout: 15_000 });
      expect(await playing(page)).toEqual([]);
      await page.locator('#hear', { hasText: /^Hear/ }).waitFor();
    }),
  90_000,
);

test(
  'a day of the week can be gone to, and the last roll put back in the middle',
  () =>
    withWeek(async (page, station) => {
      await page.goto(station.url);
      await page.locator('#play-week').click();
      await page.locator('#programme button', { hasText: 'Sat 21' }).click();
      await page.locator('#strips .playing a[data-day="2026-11-21"]').waitFor();
      expect(await page.locator('#time').textContent()).toMatch(/^Sat 21 0:0\d \/ 0:02$/);
      await page.locator('#play-week', { hasText: 'Back to the last roll' }).click();
      expect(await page.locator('#time').textContent()).toBe('0:00 / 0:02');
      await page.locator('#hear', { hasText: /^Hear/ }).waitFor();
    }),
  60_000,
);

test(
  'a strip that has the focus is heard for two seconds, once the page has been pressed on, and not before',
  () =>
    withWeek(async (page, station) => {
      await page.addInitScript(focusWithoutGesture);
      await page.goto(station.url);
      // Whatever a test asks of a page counts as a gesture: until here nothing was asked.
      await page.waitForTimeout(3_000);
      expect(await page.evaluate(() => (globalThis as unknown as { before: unknown }).before)).toEqual({
        focused: '/2026-11-19/',
        active: false,
        starts: 0,
      });
      await page.locator('#play-week').focus();
      await page.mouse.click(5, 5);
      await page.locator('#play-week').focus();
      await page.keyboard.press('Tab');
      expect(await page.evaluate(() => document.activeElement?.getAttribute('href'))).toBe('/2026-11-19/');
      await page.waitForFunction(() => (globalThis as unknown as { starts: number }).starts > 0);
      const perNote = await page.evaluate(() => (globalThis as unknown as { starts: number }).starts / 8);
      // Two seconds of four notes a second, however many oscillators make a note.
      expect(Number.isInteger(perNote)).toBe(true);
      await page.waitForTimeout(2_500);
      expect(await starts(page)).toBe(8 * perNote);
    }),
  60_000,
);
