import { expect, test } from '@jest/globals';
import { prepare } from '../../src/station/prepare.ts';
import { scale } from '../support/music.ts';
import { playAt, TODAY, testStation } from './station.ts';
import { aBrowser, pictures } from './suite.ts';

const SHOTS = pictures('margin');
const browser = aBrowser();

test('after the last note each who heard it punches one hole and sees it; who did not is offered none', async () => {
  const station = await testStation(scale(6_000));
  try {
    const context = await browser().newContext();
    const pages = await Promise.all([context.newPage(), context.newPage(), context.newPage()]);
    const [first, second, passer] = pages as [(typeof pages)[0], (typeof pages)[0], (typeof pages)[0]];
    for (const page of pages) await page.goto(station.url);
    for (const page of [first, second]) await page.locator('#join').click();
    playAt(station, Date.now() + 1_500);
    await first.waitForFunction(() => document.body.dataset.state === 'live', null, { polling: 50 });
    expect(await first.locator('#punch').isVisible()).toBe(false);

    await first.locator('#punch').click({ timeout: 30_000 });
    await first.locator('#margin').waitFor();
    expect(await first.locator('#punched').textContent()).toBe('The first hole in this margin is yours.');
    expect(await first.locator('#margin path').nth(0).getAttribute('d')).toBe('M255 2h0');
    expect(await first.locator('#margin .own').getAttribute('d')).toBe('M255 2h0');
    expect(await first.locator('#punch').isVisible()).toBe(false);

    await second.screenshot({ path: `${SHOTS}/offered.png`, fullPage: true });
    await second.locator('#punch').click();
    await second.locator('#margin').waitFor();
    expect(await second.locator('#punched').textContent()).toBe('Yours is in: 2 holes in the margin.');
    expect(await second.locator('#margin .own').getAttribute('d')).toBe('M10 15h0');
    await second.screenshot({ path: `${SHOTS}/punched.png`, fullPage: true });
    expect(await passer.locator('#punch').isVisible()).toBe(false);

    // What a station does every ten minutes.
    await prepare({
      ...station,
      punches: { all: async () => new Map([[TODAY, 40]]) },
      timeZone: 'Europe/Berlin',
      log: () => {},
      wake: async () => {},
      ensure: async () => {},
    });
    await passer.goto(`${station.url}/${TODAY}/`);
    const margin = passer.locator('svg.margin');
    expect(await margin.getAttribute('aria-label')).toBe('40 holes in the margin, punched by listeners');
    expect((await margin.boundingBox())?.height).toBe(24);
    await passer.screenshot({ path: `${SHOTS}/day.png` });
    await context.close();
  } finally {
    await station.end();
  }
}, 90_000);
