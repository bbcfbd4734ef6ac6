import { expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { scale } from '../support/music.ts';
import { playAt, testStation } from './station.ts';
import { aBrowser } from './suite.ts';

const browser = aBrowser();
const GIVEN_UP = 'This page does not ask the site’s clock any more: ';

/** A page in mid-performance; what it asked of the site's clock, and what it said to whoever looks into it. */
async function listening(url: string, prepare: (page: Page) => Promise<unknown> = async () => {}) {
  const page = await browser().newPage();
  const asked: string[] = [];
  const told: string[] = [];
  page.on('request', (request) => {
    if (new URL(request.url()).pathname === '/clock') asked.push(request.url());
  });
  page.on('console', (message) => told.push(message.text()));
  await prepare(page);
  await page.goto(url);
  const line = (wanted: string) =>
    page.waitForFunction((text) => document.getElementById('line')?.textContent?.includes(text), wanted, {
      timeout: 30_000,
    });
  await line('in time to ');
  return { page, asked, told, line };
}

test('a page asks the station’s own clock over HTTP, and says how well it is in time by it', async () => {
  const station = await testStation(scale(600_000), undefined, undefined, true);
  try {
    playAt(station, Date.now() - 1_000);
    const { asked, told, line } = await listening(station.url);
    await line('by the site’s clock to ');
    expect(new URL(asked[0]!).search).toMatch(/^\?id=\d{1,10}$/);
    expect(told).toEqual([]);
  } finally {
    await station.end();
  }
});

test('a clock that is ten seconds ahead is dropped, told of once, and the page is in time by its pings', async () => {
  const station = await testStation(scale(600_000), undefined, undefined, true);
  try {
    playAt(station, Date.now() - 1_000);
    const { page, asked, told } = await listening(station.url, (page) =>
      page.route('**/clock?id=*', (route) => {
        const id = new URL(route.request().url()).searchParams.get('id');
        return route.fulfill({ contentType: 'text/plain', body: `${id} ${Date.now() + 10_000}` });
      }),
    );
    await page.waitForEvent('console', { timeout: 30_000 }).catch(() => {});
    expect(told).toEqual([`${GIVEN_UP}it contradicts the station’s, which the music goes by.`]);
    // One that a busy machine answered too late was no answer.
    expect(asked.length).toBeLessThanOrEqual(3);
    const [shown, meant] = await page.evaluate(() => [
      document.getElementById('line')?.textContent,
      document.body.dataset.state,
    ]);
    expect(shown).toMatch(/^Connected, in time to [\w ]+$/);
    expect(meant).toBe('live');
  } finally {
    await station.end();
  }
});
