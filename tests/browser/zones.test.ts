import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { buildPage } from '../../src/adapters/net/page-bundle.ts';
import { systemClock } from '../../src/adapters/system-clock.ts';
import { openStation, type Station } from '../../src/local/station.ts';
import { aBrowser } from './suite.ts';

/** The evening before the clocks of Berlin are put back; those of New York follow a week later. */
const THEN = Date.parse('2026-10-24T18:30:00Z');

const browser = aBrowser();
let station: Station;
let dataDir: string;
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'pianola-zones-'));
  const shift = THEN - Date.now();
  station = await openStation({
    dataDir,
    host: '127.0.0.1',
    port: 0,
    assets: await buildPage(),
    timeZone: 'Europe/Berlin',
    timeOfDay: '20:00',
    log: () => {},
    clock: {
      now: () => systemClock.now() + shift,
      sleepUntil: (instant, signal) => systemClock.sleepUntil(instant - shift, signal),
    },
  });
});
afterAll(async () => {
  await station?.close();
  await rm(dataDir, { recursive: true, force: true });
});

test.each([
  ['Europe/Berlin', 'Tomorrow 20:00', 'your time and the station’s'],
  ['Europe/London', 'Tomorrow 19:00', 'your time (20:00 in Berlin)'],
  ['America/New_York', 'Tomorrow 15:00', 'your time (20:00 in Berlin)'],
  ['Asia/Kolkata', 'Tomorrow 00:30', 'your time (Sunday 20:00 in Berlin)'],
  ['Pacific/Kiritimati', 'Tomorrow 09:00', 'your time (Sunday 20:00 in Berlin)'],
])(
  'a visitor in %s is told the time there, and the hours that a night of 25 leaves',
  async (timezoneId, when, whose) => {
    const context = await browser().newContext({ timezoneId });
    try {
      const page = await context.newPage();
      await page.route('**/piano/**', () => {});
      await page.goto(station.url);
      await page.locator('#will-zone', { hasText: whose }).waitFor();
      expect(await page.locator('#will-title').textContent()).toBe(when);
      expect(await page.locator('#will-countdown').textContent()).toMatch(/^in 24 h (29|30) min$/);
    } finally {
      await context.close();
    }
  },
  30_000,
);
