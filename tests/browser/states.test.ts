import { mkdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { FIXTURE_NAMES } from '../../web/page/fixtures.ts';
import { launchBrowser } from './browser.ts';
import { type TestStation, testStation } from './station.ts';

/** For people to look at; git ignores it. */
const SHOTS = '.pianola/screenshots/states';
const SIZES = {
  desktop: { width: 1_280, height: 800 },
  phone: { width: 390, height: 844 },
} as const;

/** What each fixture must show: the state's name, and a part of what is printed. */
const EXPECTED: Readonly<Record<string, readonly [name: string, text: RegExp]>> = {
  loading: ['loading', /Connecting/],
  never: ['waiting', /Nothing played yet.*Be there at 21:00/s],
  composing: ['composing', /The first piece.*Being composed.*42 %/s],
  waiting: [
    'waiting',
    /Played last.*Two pieces in B flat major.*Friday 20 November, 21:00.*Hear last night’s, 4:00.*Calm and full.*Be there at 21:00.*Tonight 21:00.*your time \(20:00 in London\).*in (5 h 0|4 h 59) min.*One roll, a day at a time/s,
  ],
  doors: ['doors', /Doors are open.*2:5\d/s],
  leader: ['leader', /21 November 2026.*Suite in D flat major.*0:4\d/s],
  start: ['start', /Suite in D flat major/],
  live: ['live', /Live.*Suite in D flat major.*to 13 others/s],
  encore: ['live', /Encore/],
  closing: ['closing', /Suite in D flat major/],
  end: ['end', /21 November 2026.*End.*Suite in D flat major/s],
  ended: [
    'ended',
    /Played last.*Suite in D flat major.*Saturday 21 November.*Hear tonight’s, 4:00.*Be there tomorrow at 21:00.*Tomorrow 21:00/s,
  ],
  silent: ['silent', /Played last.*Hear last night’s.*A silent day/s],
  stopped: ['stopped', /ended early/s],
  offline: ['offline', /Played last.*The station does not answer/s],
  lost: ['live', /Connection lost\. Playing on/],
  outdated: ['outdated', /A new edition.*Reload/s],
  noaudio: ['live', /no Web Audio/],
};

let browser: Browser;
let station: TestStation;
let page: Page;
const faults: string[] = [];
beforeAll(async () => {
  browser = await launchBrowser();
  station = await testStation(null);
  await mkdir(SHOTS, { recursive: true });
  page = await browser.newPage({ timezoneId: 'Europe/Berlin' });
  page.on('pageerror', ({ message }) => faults.push(message));
  // Nobody listens here: thirty recordings decoded for each state would take most of the time.
  await page.route('**/piano/**', () => {});
});
afterAll(async () => {
  await browser?.close();
  await station?.end();
});

const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
/** What axe-core finds wrong, in a line each. Run by the debugger, which the page's security policy does not bind. */
async function violations(rules: readonly string[] = []): Promise<string[]> {
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(await readFile(AXE, 'utf8'));
  return page.evaluate(async (only) => {
    const { axe } = globalThis as unknown as {
      axe: { run(options: object): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
    };
    const found = await axe.run(only.length > 0 ? { runOnly: only } : {});
    return found.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
  }, rules);
}
/** Nothing printed may be wider than the window. */
const overflow = () =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
/** Two frames, and the end of every transition: what was changed has been painted. */
const painted = () =>
  page.evaluate(async () => {
    for (let i = 0; i < 2; i++) await new Promise((resolve) => requestAnimationFrame(resolve));
    await Promise.all(document.getAnimations().map((animation) => animation.finished));
  });
const shot = (name: string) => page.screenshot({ path: `${SHOTS}/${name}.png` });

test('every fixture is known here', () => {
  expect(Object.keys(EXPECTED)).toEqual(FIXTURE_NAMES);
});

test.each(Object.entries(EXPECTED))(
  '?state=%s shows itself, in both themes and widths',
  async (fixture, [name, text]) => {
    await page.setViewportSize(SIZES.desktop);
    await page.emulateMedia({ colorScheme: 'light' });
    await page.goto(`${station.url}?state=${fixture}`);
    await page.waitForFunction((wanted) => document.body.dataset.state === wanted, name, {
      timeout: 10_000,
      polling: 20,
    });
    await page.waitForTimeout(400);
    expect(await page.locator('body').innerText()).toMatch(text);
    expect(await page.locator('[role="status"]').count()).toBe(1);
    const paper = await background();
    for (const [width, viewport] of Object.entries(SIZES)) {
      await page.setViewportSize(viewport);
      await page.emulateMedia({ colorScheme: 'light' });
      await painted();
      expect(await overflow()).toBe(0);
      await shot(`${fixture}-${width}-light`);
      // Colours are all that a theme changes.
      await page.emulateMedia({ colorScheme: 'dark' });
      await painted();
      await shot(`${fixture}-${width}-dark`);
      expect(await background()).not.toBe(paper);
      expect(await violations(['color-contrast'])).toEqual([]);
      await page.emulateMedia({ colorScheme: 'light' });
      await painted();
      expect(await violations()).toEqual([]);
    }
    expect(faults.splice(0)).toEqual([]);
  },
  60_000,
);

test('the week’s strips are links, one a day, with gaps and what comes', async () => {
  await page.setViewportSize(SIZES.phone);
  await page.goto(`${station.url}?state=ended`);
  const links = page.locator('#strips a');
  await links.first().waitFor();
  expect(await links.evaluateAll((all) => all.map((link) => link.getAttribute('href')))).toEqual(
    [16, 17, 19, 20, 21].map((day) => `/2026-11-${day}/`),
  );
  expect(await links.first().innerText()).toMatch(
    /^Mon 16\s+Prelude in G major\s+4:00, 1,094 notes, heard by 9$/,
  );
  const words = await page.locator('#strips li').allInnerTexts();
  expect(words.map((text) => text.split('\n')[0])).toEqual([
    'Mon 16',
    'Tue 17',
    'Wed 18',
    'Thu 19',
    'Fri 20',
    'Sat 21',
    'Tomorrow 21:00',
  ]);
  expect(await overflow()).toBe(0);
});
