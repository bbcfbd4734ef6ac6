import { expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { publish } from '../../src/publish/publish.ts';
import { scale, stored } from '../support/music.ts';
import { type TestStation, testStation } from './station.ts';
import { aBrowser, pictures } from './suite.ts';

/** What a running station shows at any hour, not a fixture; pictures for people to look at, git ignores them. */
const SHOTS = pictures('first');
const YESTERDAY = '2026-11-20';

const browser = aBrowser();

/** A station with one published day, and a page of it. */
async function withStation(use: (page: Page, station: TestStation) => Promise<void>): Promise<void> {
  const station = await testStation(null);
  try {
    const { record, midi } = stored(YESTERDAY, scale(30_000));
    const movements = [
      { startMs: 0, title: 'Still' },
      { startMs: 15_000, title: 'Lively' },
    ];
    await station.performances.create({ midi, record: { ...record, title: 'Rain', movements } });
    const playedAt = Date.now() - 24 * 3_600_000;
    await publish(YESTERDAY, { ...station, siteUrl: station.url }, { heard: 2, playedAt });
    const page = await browser().newPage({ viewport: { width: 1_280, height: 800 } });
    await page.addInitScript(tapSound);
    await use(page, station);
  } finally {
    await station.end();
  }
}

/** In the page: the instant of the first sample that is louder than −60 dB, by the clock of the page. */
function tapSound(): void {
  const world = globalThis as unknown as { heardAt: number | null };
  world.heardAt = null;
  const connect = AudioNode.prototype.connect as (this: AudioNode, ...to: unknown[]) => AudioNode;
  Object.assign(AudioNode.prototype, {
    connect(this: AudioNode, ...to: unknown[]) {
      if (to[0] instanceof AudioDestinationNode && this.context instanceof AudioContext) {
        const tap = this.context.createAnalyser();
        connect.call(this, tap);
        const samples = new Float32Array(tap.fftSize);
        const look = () => {
          tap.getFloatTimeDomainData(samples);
          if (samples.some((value) => Math.abs(value) > 1e-3)) world.heardAt ??= performance.now();
          else setTimeout(look, 5);
        };
        look();
      }
      return connect.apply(this, to);
    },
  });
}
const heardAt = (page: Page) =>
  page.waitForFunction(() => (globalThis as unknown as { heardAt: number | null }).heardAt, null, {
    polling: 20,
  });
const state = (page: Page, name: string) =>
  page.waitForFunction((wanted) => document.body.dataset.state === wanted, name, { polling: 50 });
const text = (page: Page, id: string) => page.locator(`#${id}`).textContent();

test(
  'a press at any hour is answered by sound; the roll fills the screen, and space pauses',
  () =>
    withStation(async (page, station) => {
      // 10 Mbit/s, 40 ms.
      const throttle = await page.context().newCDPSession(page);
      await throttle.send('Network.emulateNetworkConditions', {
        offline: false,
        latency: 40,
        downloadThroughput: 1_250_000,
        uploadThroughput: 1_250_000,
      });
      await page.goto(station.url);
      await page.locator('#hear', { hasText: /^Hear (last night|yesterday)’s, 0:29$/ }).waitFor();
      const { height, width } = (await page.locator('#last').boundingBox())!;
      expect(width).toBe(1_280);
      expect(height).toBeGreaterThanOrEqual(0.7 * 800);
      expect(await text(page, 'title')).toBe('Rain');
      expect(await page.locator('#programme button').allInnerTexts()).toEqual(['0:00 Still', '0:15 Lively']);
      const pressedAt = await page.evaluate(() => {
        const at = performance.now();
        document.getElementById('hear')!.click();
        return at;
      });
      const firstMs = Number(await (await heardAt(page)).jsonValue()) - pressedAt;
      // The figure that is asked for, on a quiet machine; see docs/decisions.md for what was measured.
      expect(firstMs).toBeLessThan(1_500);
      expect(await text(page, 'hear')).toBe('Pause');
      expect(await page.title()).toBe('Playing: Rain · Pianola');
      await page.screenshot({ path: `${SHOTS}/hearing.png` });
      await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
      await page.keyboard.press('Space');
      await page.locator('#hear', { hasText: /^Hear/ }).waitFor();
    }),
  60_000,
);

test(
  'waiting, silent and ended: what was is heard, and one may be there for what will be',
  () =>
    withStation(async (page, station) => {
      await page.goto(station.url);
      await state(page, 'waiting');
      await page.locator('#hear').waitFor();
      await page.locator('#join', { hasText: /^Be there (tomorrow )?at / }).waitFor();
      await page.screenshot({ path: `${SHOTS}/waiting.png` });
      // Nothing is composed for a day without a performance, and the archive's one is passed off as nothing else.
      await station.play({ window: 'w', startsAt: Date.now() + 500, wanted: '2026-11-21', next: null });
      const row = await station.broadcasts.current();
      await page.reload();
      await page.waitForFunction(() =>
        ['silent', 'ended', 'live', 'closing', 'end'].includes(document.body.dataset.state ?? ''),
      );
      if (row?.encore) await state(page, 'ended');
      await page.locator('#hear').waitFor({ timeout: 30_000 });
      await page.locator('#join').click();
      await page.locator('#controls').waitFor();
      expect(await text(page, 'status')).toMatch(/You will be there/);
      expect(await page.locator('#event').getAttribute('href')).toBe('/next.ics');
      await page.screenshot({ path: `${SHOTS}/there.png` });
    }),
  120_000,
);
