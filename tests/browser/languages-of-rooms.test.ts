/** /play/ and the shelf in each language, looked at: nothing is in English, nothing is cut off, and what the station says is read. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { writeMidiFile } from '../../src/music/midi/write.ts';
import type { Tongue } from '../../web/language/reader.ts';
import { bandFile } from '../support/band-file.ts';
import { inProcess } from '../support/in-process.ts';
import { scale } from '../support/music.ts';
import { PLAY, SHELF, TONGUES, within } from '../web/language/rooms.ts';
import { violations } from './axe.ts';
import { type GoingOn, goingOn } from './going-on.ts';
import { cutOff, inEnglish, shown, sideways } from './readable.ts';
import { aBrowser, pictures } from './suite.ts';

const SHOTS = pictures('languages-of-rooms');
const SIZES = { narrow: { width: 320, height: 640 }, desktop: { width: 1_280, height: 800 } } as const;
const SITE = 'Songs of the harbour';
const browser = aBrowser();
let corpus: string;
let going: GoingOn;
beforeAll(async () => {
  corpus = await mkdtemp(join(tmpdir(), 'pianola-rooms-'));
  await mkdir(join(corpus, 'songs'));
  for (let i = 1; i <= 3; i++)
    await writeFile(
      join(corpus, 'songs', `band${i}.mid`),
      bandFile([{ ms: i, bytes: [0xe0, i, 64] }], 'Filter'),
    );
  const origin = ['band1.mid', 'Download', 'https://example.org/~songs/band.mid', '1999-05-03'].join('\t');
  await writeFile(join(corpus, 'songs', 'provenance.tsv'), `file\tname\turl\tcaptured\n${origin}\n`);
  const site = { name: SITE, url: 'https://example.org/~songs/', rights: 'Player' };
  await writeFile(join(corpus, 'songs', 'site.json'), JSON.stringify(site));
  const rows = [1, 2, 3].map((i) => `songs/band${i}.mid\ttrain\t0\n`);
  await writeFile(join(corpus, 'splits.tsv'), `file\tsplit\tgroup\n${rows.join('')}`);
  going = await goingOn();
  const { code } = await inProcess([
    ...['corpus', 'publish', corpus, '--data', going.station.dataDir, '--takedown', 'archive@example.org'],
  ]);
  expect(code).toBe(0);
});
afterAll(async () => {
  await going.end();
  await rm(corpus, { recursive: true, force: true });
});

async function open(locale: string, path: string): Promise<Page> {
  const context = await browser().newContext({ locale, viewport: SIZES.narrow });
  await context.route('**/piano/**', () => {});
  const page = await context.newPage();
  await page.goto(`${going.station.url}${path}`);
  await shown(page);
  return page;
}
const give = (page: Page, name: string, bytes: Uint8Array) =>
  page.locator('#file').setInputFiles({ name, mimeType: 'audio/midi', buffer: Buffer.from(bytes) });
const status = async (page: Page, beginning: string) => {
  await page.waitForFunction(
    (wanted) => document.getElementById('status')?.textContent?.startsWith(wanted),
    beginning,
  );
  return page.locator('#status').innerText();
};
/** Looks at a page as it is now, as narrow as 320 pixels and on a desktop. */
async function look(page: Page, tongue: Tongue, name: string): Promise<void> {
  for (const [size, viewport] of Object.entries(SIZES)) {
    await page.setViewportSize(viewport);
    await page.waitForTimeout(200);
    expect([name, size, await inEnglish(page, tongue)]).toEqual([name, size, []]);
    expect([name, size, await cutOff(page)]).toEqual([name, size, []]);
    expect([name, size, await sideways(page)]).toEqual([name, size, 0]);
    await page.screenshot({ path: `${SHOTS}/${tongue.code}-${name}-${size}.png`, fullPage: true });
  }
  expect(await violations(page)).toEqual([]);
  await page.setViewportSize(SIZES.narrow);
}

describe.each(TONGUES.map(({ code }, i) => [code, i] as const))('%s', (code, i) => {
  const [play, { said: saysPlay }] = [within(PLAY)[i]!, PLAY[i]!];
  const [shelf, { said: saysShelf }] = [within(SHELF)[i]!, SHELF[i]!];

  test('/play/: as it opens, with what cannot be read, and with what was repaired and gone on from', async () => {
    const page = await open(code, '/play/');
    expect(await page.evaluate(() => document.documentElement.lang)).toBe(code);
    expect(await page.locator('h1').innerText()).toBe(play.printed['Play me something, I’ll go on']);
    await look(page, play, 'play');
    await give(page, 'page.mid', new TextEncoder().encode('<!doctype html>'));
    const problem = play.printed['not a MIDI file: it does not begin with "MThd"']!;
    expect(await status(page, saysPlay.cannot('page.mid').slice(0, 8))).toContain(problem);
    await look(page, play, 'refused');
    const whole = writeMidiFile({ title: 'Cut', music: scale(6_000, 250), markers: [] });
    await give(page, 'cut.mid', whole.subarray(0, whole.length - 6));
    const name = play.title('Continuation in C major').split(' ')[0]!;
    expect(await status(page, saysPlay.done('', '', '').slice(0, 4))).toContain(name);
    const repair = 'tracks that end before they say were read up to the cut ({})';
    expect(await page.locator('#warnings').innerText()).toContain(play.printed[repair]!.replace('{}', '1'));
    expect(await page.locator('#hear').innerText()).toBe(play.play);
    await look(page, play, 'done');
    await page.context().close();
  }, 120_000);

  test('the shelf: all of it, a site of it, and a piece that plays; what others wrote stays as it is', async () => {
    const page = await open(code, '/shelf/');
    expect(await page.locator('h1').innerText()).toBe(shelf.printed['What people left on the web']);
    await page.locator('#filter').fill('down');
    await page.locator('#found li').waitFor();
    expect(await page.locator('#found').innerText()).toContain(shelf.printed.drums);
    expect(await page.locator('#count').innerText()).toBe(saysShelf.found(1, '1'));
    await page.locator('#filter').fill('');
    await look(page, shelf, 'shelf');
    await page.getByRole('link', { name: SITE }).click();
    await page.waitForURL(/songs-of-the-harbour/);
    await shown(page);
    // Names and words that are, to the letter, sentences of ours.
    expect(await page.locator('.name').allInnerTexts()).toContain('Download');
    expect(await page.locator('.pieces i').first().innerText()).toBe('Filter');
    expect(await page.locator('blockquote').innerText()).toBe('Player');
    for (const theirs of await page.locator('[translate=no]').all())
      await theirs.evaluate((element) => {
        element.textContent = '〈theirs〉';
      });
    await page.locator('.pieces .name').first().click();
    await page.waitForFunction(() => document.getElementById('player')?.dataset.state === 'playing');
    expect(await page.locator('#hear').innerText()).toBe(shelf.pause);
    await look(page, shelf, 'site');
    await page.context().close();
  }, 120_000);
});
