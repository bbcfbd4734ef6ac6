/** The page without a network: after one visit it opens, with the last roll, which may be heard. */
import { expect, test } from '@jest/globals';
import { publish } from '../../src/publish/publish.ts';
import { scale, stored } from '../support/music.ts';
import { testStation } from './station.ts';
import { aBrowser, pictures } from './suite.ts';

const SHOTS = pictures('offline');
const browser = aBrowser();
const DAY = '2026-11-20';

test('whoever was here once opens the page without a network, and hears the last roll', async () => {
  const station = await testStation(null);
  const context = await browser().newContext({ viewport: { width: 1_280, height: 800 } });
  try {
    const { record, midi } = stored(DAY, scale(8_000));
    await station.performances.create({ midi, record: { ...record, title: 'Suite in A minor' } });
    await publish(DAY, { ...station, siteUrl: station.url }, { heard: 2, playedAt: null });
    const page = await context.newPage();
    await page.goto(station.url);
    await page.locator('#hear').waitFor();
    await page.evaluate(async () => void (await navigator.serviceWorker.ready));
    await station.end();

    await page.reload();
    await page.waitForFunction(() => document.body.dataset.state === 'offline');
    expect(await page.locator('#title').textContent()).toBe('Suite in A minor');
    expect(await page.locator('#kicker').textContent()).toBe('Played last');
    expect(await page.locator('#status').textContent()).toBe('The station does not answer. Still trying.');
    await page.locator('#hear').click();
    await page.waitForFunction(() => document.title.startsWith('Playing: '));
    await page.screenshot({ path: `${SHOTS}/last-roll.png` });
    // A page of the archive was not kept: it leads to the first screen.
    await page.goto(`${station.url}/archive/`);
    expect(new URL(page.url()).pathname).toBe('/');
  } finally {
    await context.close();
    await station.end();
  }
});
