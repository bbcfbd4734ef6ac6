import { expect, test } from '@jest/globals';
import { refreshArchive } from '../../src/publish/publish.ts';
import { scale, stored } from '../support/music.ts';
import { playAt, TODAY, testStation } from './station.ts';
import { aBrowser } from './suite.ts';

const browser = aBrowser();

const TITLE = '<img src=/x onerror=alert(1)><script>alert(2)</script> \u202eRain\u0000';

test('a title that would be markup is printed as it is written, and runs nothing', async () => {
  const station = await testStation(null);
  try {
    // As preparing does before anybody comes: an empty archive is there.
    await refreshArchive({ performances: station.performances, site: station.site, log: () => {} });
    const evil = stored(TODAY, scale(60_000));
    await station.performances.create({ ...evil, record: { ...evil.record, title: TITLE } });
    const page = await browser().newPage();
    const told: string[] = [];
    page.on('dialog', (dialog) => {
      told.push(dialog.message());
      void dialog.dismiss();
    });
    page.on('console', (message) => message.type() === 'error' && told.push(message.text()));
    page.on('request', (request) => request.url().endsWith('/x') && told.push(request.url()));
    await page.goto(station.url);
    playAt(station, Date.now() + 500);
    await page.waitForFunction(() => document.body.dataset.state === 'live');
    // The row of a broadcast ends at a NUL; nothing printed has one.
    expect(await page.locator('#title').textContent()).toBe(TITLE.replace('\u0000', ''));
    expect(await page.locator('#title *').count()).toBe(0);
    expect(told).toEqual([]);
  } finally {
    await station.end();
  }
});
