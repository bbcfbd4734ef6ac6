/** The page in each of its languages, looked at: nothing of it is in English, and nothing is cut off. */
import { describe, expect, test } from '@jest/globals';
import type { BrowserContext } from 'playwright-core';
import { de } from '../../web/language/de.ts';
import { es } from '../../web/language/es.ts';
import { fr } from '../../web/language/fr.ts';
import { ja } from '../../web/language/ja.ts';
import { violations } from './axe.ts';
import { cutOff, inEnglish, shown, sideways } from './readable.ts';
import { aBrowser, aStation, pictures } from './suite.ts';

const SHOTS = pictures('languages');
const browser = aBrowser();
const station = aStation();
const open = async (locale: string): Promise<BrowserContext> => {
  const context = await browser().newContext({
    locale,
    timezoneId: 'Europe/Berlin',
    viewport: { width: 320, height: 640 },
  });
  await context.route('**/piano/**', () => {});
  return context;
};
describe.each([de, fr, es, ja].map((tongue) => [tongue.code, tongue] as const))('%s', (code, tongue) => {
  test('the first screen, the doors, the live minutes and the hole in the margin, on the narrowest telephone and a desktop', async () => {
    const context = await open(code);
    const page = await context.newPage();
    const asked: string[] = [];
    page.on('request', (request) => asked.push(new URL(request.url()).pathname));
    for (const [state, says] of [
      ['waiting', tongue.playedLast],
      ['doors', tongue.doors],
      ['live', tongue.pressSpace],
      ['punch', tongue.printed['Punch a hole in the margin']!],
    ] as const) {
      await page.setViewportSize({ width: 320, height: 640 });
      await page.goto(`${station().url}/?state=${state}`);
      const begins = state === 'punch' ? 'live' : state;
      await page.waitForFunction((wanted) => document.body.dataset.state === wanted, begins);
      await shown(page);
      if (state === 'punch') {
        await page.locator('#join').click();
        await page.locator('#punch').waitFor({ timeout: 20_000 });
      }
      await page.waitForTimeout(500);
      expect(await page.evaluate(() => document.documentElement.lang)).toBe(code);
      expect(await page.locator('body').innerText()).toContain(says);
      expect(await inEnglish(page, tongue)).toEqual([]);
      for (const [name, viewport] of Object.entries({
        narrow: { width: 320, height: 640 },
        desktop: { width: 1_280, height: 800 },
      })) {
        await page.setViewportSize(viewport);
        await page.waitForTimeout(200);
        expect(await sideways(page)).toBe(0);
        expect(await cutOff(page)).toEqual([]);
        await page.screenshot({ path: `${SHOTS}/${code}-${state}-${name}.png`, fullPage: name === 'narrow' });
      }
    }
    expect(asked.filter((path) => path.startsWith('/words-'))).toEqual(Array(4).fill(`/words-${code}.js`));
    expect(await violations(page)).toEqual([]);
    await page.goto(`${station().url}/1999-01-01/`);
    await shown(page);
    expect(await page.locator('h1').textContent()).toBe(tongue.printed['The paper is torn']);
    expect(await page.title()).toBe(`${tongue.printed['Nothing here']} · Pianola`);
    await page.screenshot({ path: `${SHOTS}/${code}-404.png` });
    await context.close();
  }, 120_000);
});

test('no English is painted while the words are on their way, and English it is where they do not come', async () => {
  const context = await open('de-DE');
  const page = await context.newPage();
  let letIn = () => {};
  const held = new Promise<void>((resolve) => {
    letIn = resolve;
  });
  await page.route('**/words-de.js', async (route) => {
    await held;
    await route.continue();
  });
  await page.goto(`${station().url}/?state=waiting`, { waitUntil: 'commit' });
  await page.waitForFunction(() => document.readyState !== 'loading' && document.body !== null);
  await page.waitForTimeout(300);
  const visibility = () => page.evaluate(() => getComputedStyle(document.body).visibility);
  expect(await visibility()).toBe('hidden');
  letIn();
  await shown(page);
  expect(await page.locator('.motto').textContent()).toBe(
    de.printed['A new piece every day, heard by everyone at once'],
  );
  await page.unroute('**/words-de.js');
  await page.route('**/words-de.js', (route) => route.abort());
  await page.goto(`${station().url}/?state=waiting`);
  await page.waitForFunction(() => document.body.dataset.state === 'waiting');
  expect(await visibility()).toBe('visible');
  expect(await page.evaluate(() => document.documentElement.lang)).toBe('en');
  expect(await page.locator('#kicker').textContent()).toBe('Played last');
  await context.close();
}, 60_000);

test('who reads English asks for no words', async () => {
  const context = await open('en-US');
  const page = await context.newPage();
  const asked: string[] = [];
  page.on('request', (request) => asked.push(request.url()));
  await page.goto(`${station().url}/?state=waiting`);
  await page.waitForFunction(() => document.body.dataset.state === 'waiting');
  expect(asked.filter((url) => url.includes('words-'))).toEqual([]);
  await context.close();
}, 60_000);
