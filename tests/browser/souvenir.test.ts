import { readFile } from 'node:fs/promises';
import { expect, test } from '@jest/globals';
import { scale } from '../support/music.ts';
import { playAt, testStation } from './station.ts';
import { aBrowser, pictures } from './suite.ts';

const SHOTS = pictures('souvenir');
const browser = aBrowser();

test('who has heard a piece keeps a picture of what they heard of it; who has not is offered none', async () => {
  const station = await testStation(scale(6_000));
  try {
    const context = await browser().newContext({ acceptDownloads: true });
    const [listener, passer] = [await context.newPage(), await context.newPage()];
    for (const page of [listener, passer]) await page.goto(station.url);
    await listener.locator('#join').click();
    playAt(station, Date.now() + 1_500);
    await listener.waitForFunction(() => document.body.dataset.state === 'live', null, { polling: 50 });
    expect(await listener.locator('#souvenir').isVisible()).toBe(false);
    await listener.locator('#souvenir').waitFor({ timeout: 30_000 });
    await passer.waitForFunction(() => document.body.dataset.state === 'end', null, {
      timeout: 30_000,
      polling: 50,
    });
    expect(await passer.locator('#souvenir').isVisible()).toBe(false);
    const coming = listener.waitForEvent('download');
    await listener.locator('#souvenir').click();
    const download = await coming;
    expect(download.suggestedFilename()).toBe('pianola-2026-11-21.png');
    await download.saveAs(`${SHOTS}/slice.png`);
    const png = await readFile(`${SHOTS}/slice.png`);
    expect(png.subarray(1, 4).toString()).toBe('PNG');
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([1_200, 630]);
    await context.close();
  } finally {
    await station.end();
  }
}, 90_000);
