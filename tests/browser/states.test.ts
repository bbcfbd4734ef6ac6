import { beforeAll, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { FIXTURE_NAMES } from '../../web/page/fixtures.ts';
import { painted, violations } from './axe.ts';
import { aBrowser, aStation, pictures } from './suite.ts';
import { unheard } from './unheard.ts';

const SHOTS = pictures('states');
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
  punch: ['live', /Suite in D flat major.*Punch a hole in the margin/s],
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

/** What a visitor does first, where the state is not there without. */
const BEFORE: Readonly<Record<string, (page: Page) => Promise<void>>> = {
  async punch(page) {
    await page.locator('#join').click();
    await page.locator('#punch').waitFor({ timeout: 20_000 });
  },
};

const browser = aBrowser();
const station = aStation();
let page: Page;
const faults: string[] = [];
beforeAll(async () => {
  page = await browser().newPage({ timezoneId: 'Europe/Berlin' });
  page.on('pageerror', ({ message }) => faults.push(message));
  // Nobody listens here: thirty recordings decoded for each state would take most of the time.
  await page.route('**/piano/**', () => {});
});

const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
/** Nothing printed may be wider than the window. */
const overflow = () =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
const shot = (name: string) => page.screenshot({ path: `${SHOTS}/${name}.png` });

test('every fixture is known here', () => {
  expect(Object.keys(EXPECTED)).toEqual(FIXTURE_NAMES);
});

test.each(Object.entries(EXPECTED))(
  '?state=%s shows itself, in both themes and widths',
  async (fixture, [name, text]) => {
    await page.setViewportSize(SIZES.desktop);
    await page.emulateMedia({ colorScheme: 'light' });
    await page.goto(`${station().url}?state=${fixture}`);
    await page.waitForFunction((wanted) => document.body.dataset.state === wanted, name, {
      timeout: 10_000,
      polling: 20,
    });
    await BEFORE[fixture]?.(page);
    await page.waitForTimeout(400);
    expect(await page.locator('body').innerText()).toMatch(text);
    expect(await page.locator('[role="status"]').count()).toBe(1);
    const paper = await background();
    for (const [width, viewport] of Object.entries(SIZES)) {
      await page.setViewportSize(viewport);
      await page.emulateMedia({ colorScheme: 'light' });
      await painted(page);
      expect(await overflow()).toBe(0);
      await shot(`${fixture}-${width}-light`);
      // Colours are all that a theme changes.
      await page.emulateMedia({ colorScheme: 'dark' });
      await painted(page);
      await shot(`${fixture}-${width}-dark`);
      expect(await background()).not.toBe(paper);
      expect(await violations(page, 'color-contrast')).toEqual([]);
      await page.emulateMedia({ colorScheme: 'light' });
      await painted(page);
      expect(await violations(page)).toEqual([]);
    }
    expect(faults.splice(0)).toEqual([]);
  },
  60_000,
);

test('every button that the page and its embed have is listened to, and a new edition is loaded', async () => {
  for (const path of ['/', '/embed/']) {
    await page.goto(`${station().url}${path}?state=outdated`);
    await page.locator('#reload').waitFor();
    expect(await unheard(page)).toEqual([]);
    const loaded = page.waitForEvent('load');
    await page.locator('#reload').click();
    await loaded;
  }
});

test('a hole that was punched is seen and told, on a telephone and where colours are forced', async () => {
  for (const forcedColors of ['none', 'active'] as const) {
    await page.setViewportSize(SIZES.phone);
    await page.emulateMedia({ colorScheme: 'light', forcedColors });
    await page.goto(`${station().url}?state=punch`);
    await BEFORE.punch!(page);
    expect(await overflow()).toBe(0);
    await shot(`punch-offered-forced-${forcedColors}`);
    await page.locator('#punch').click();
    await page.locator('#margin').waitFor();
    expect(await page.locator('#punched').innerText()).toBe('Yours is in: 17 holes in the margin.');
    expect(await page.locator('#punch').isVisible()).toBe(false);
    // Nothing lies over it.
    const [margin, head] = [page.locator('#margin'), page.locator('.head')];
    const [{ y: top }, over] = [(await margin.boundingBox())!, (await head.boundingBox())!];
    expect(top).toBeGreaterThanOrEqual(over.y + over.height - 1);
    expect(await overflow()).toBe(0);
    await page.screenshot({ path: `${SHOTS}/punched-forced-${forcedColors}.png`, fullPage: true });
    expect(await violations(page)).toEqual([]);
  }
  await page.emulateMedia({ forcedColors: 'none' });
}, 90_000);

test('the week’s strips are links, one a day, with gaps and what comes', async () => {
  await page.setViewportSize(SIZES.phone);
  await page.goto(`${station().url}?state=ended`);
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
