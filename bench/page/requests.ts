import type { Asset } from '../../src/adapters/net/http.ts';
import { publish } from '../../src/publish/publish.ts';
import { launchBrowser } from '../../tests/browser/browser.ts';
import { playAt, TODAY, testStation } from '../../tests/browser/station.ts';
import { scale } from '../../tests/support/music.ts';

/** What a visit asks of others, and what it leaves behind; all of these are to be 0. */
export type Visit = {
  /** Requests to any host but the station's. */
  readonly thirdPartyRequests: number;
  /** Beacons, pings and cookies: what trackers consist of, also a station's own. */
  readonly trackers: number;
  /** Requests in all. */
  readonly requests: number;
};

/** A visitor who waits, joins, hears some seconds, and then looks at the archive and a day. */
export async function visit(assets: ReadonlyMap<string, Asset>): Promise<Visit> {
  const browser = await launchBrowser();
  const station = await testStation(scale(60_000), assets);
  try {
    await publish(TODAY, { ...station, siteUrl: station.url }, { heard: 14, playedAt: null });
    const context = await browser.newContext();
    const urls: string[] = [];
    let beacons = 0;
    context.on('request', (request) => {
      urls.push(request.url());
      if (request.resourceType() === 'ping') beacons++;
    });
    const page = await context.newPage();
    page.on('websocket', (socket) => urls.push(socket.url()));
    await page.goto(station.url);
    await page.click('#join');
    playAt(station, Date.now() + 1_000);
    await page.waitForFunction(() => document.body.dataset.state === 'live');
    await page.waitForTimeout(3_000);
    for (const path of ['/archive/', `/${TODAY}/`]) {
      await page.goto(station.url + path);
      await page.waitForTimeout(1_000);
    }
    const own = new URL(station.url).host;
    const foreign = urls.filter((url) => !url.startsWith('data:') && new URL(url).host !== own);
    const cookies = await context.cookies();
    return {
      thirdPartyRequests: foreign.length,
      trackers: beacons + cookies.length,
      requests: urls.length,
    };
  } finally {
    await browser.close();
    await station.end();
  }
}
