/** The shelf in a browser: a list without a script; with one it filters, plays every instrument, sings, shares and leads on. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { refreshArchive } from '../../src/publish/publish.ts';
import { bandFile, wordsAt } from '../support/band-file.ts';
import { inProcess } from '../support/in-process.ts';
import { violations } from './axe.ts';
import { aBrowser, aStation, pictures } from './suite.ts';
import { tapSound } from './tap.ts';

const SHOTS = pictures('shelf');
const browser = aBrowser();
const station = aStation();
let corpus: string;
const HOSTILE = '<img src=/x onerror=alert(1)> "Rain" & cloud';
/** The same, with a letter that turns the rest of the line around. */
const TURNED = HOSTILE.replace('cloud', '\u202ecloud');
const SITE = '/shelf/songs-of-the-harbour/';
beforeAll(async () => {
  corpus = await mkdtemp(join(tmpdir(), 'pianola-shelf-'));
  await mkdir(join(corpus, 'songs'));
  await mkdir(join(corpus, 'mill'));
  const words = wordsAt([
    [0, '/Twin'],
    [400, 'kle '],
    [800, 'lit'],
    [1_200, 'tle '],
    [8_000, '/star'],
  ]);
  await writeFile(join(corpus, 'songs', 'band.mid'), bandFile(words));
  const rows = ['songs/band.mid'];
  for (let i = 0; i < 12; i++) {
    // A bend of its own each, so that no two sound alike.
    const bend = [{ ms: i + 1, bytes: [0xe0, i, 64] }];
    await writeFile(
      join(corpus, 'mill', `song${i}.mid`),
      bandFile(bend, `Étude ${i}`.normalize('NFD').replace(/\W/g, '')),
    );
    rows.push(`mill/song${i}.mid`);
  }
  const origin = ['band.mid', TURNED, 'https://example.org/~songs/band.mid', '2026-11-28'].join('\t');
  await writeFile(join(corpus, 'songs', 'provenance.tsv'), `file\tname\turl\tcaptured\n${origin}\n`);
  const site = {
    name: 'Songs of the harbour',
    url: 'https://example.org/~songs/',
    rights: 'Free to hear.\nNot to be sold.',
  };
  await writeFile(join(corpus, 'songs', 'site.json'), JSON.stringify(site));
  await writeFile(
    join(corpus, 'splits.tsv'),
    `${['file\tsplit\tgroup', ...rows.map((row) => `${row}\ttrain\t0`)].join('\n')}\n`,
  );
});
afterAll(() => rm(corpus, { recursive: true, force: true }));

const told: string[] = [];
async function open(path: string, options: object = {}): Promise<Page> {
  const context = await browser().newContext({
    viewport: { width: 1_280, height: 800 },
    permissions: ['clipboard-read', 'clipboard-write'],
    ...options,
  });
  const page = await context.newPage();
  told.length = 0;
  page.on('pageerror', ({ message }) => told.push(message));
  page.on('dialog', (dialog) => {
    told.push(dialog.message());
    void dialog.dismiss();
  });
  page.on('console', (message) => message.type() === 'error' && told.push(message.text()));
  page.on('request', (request) => {
    if (!request.url().startsWith(station().url) || request.url().endsWith('/x')) told.push(request.url());
  });
  await page.addInitScript(tapSound);
  await page.goto(`${station().url}${path}`);
  return page;
}
const sounds = async (page: Page) => {
  await page.evaluate(() => Object.assign(globalThis, { loudest: 0 }));
  await page.waitForFunction(() => (globalThis as unknown as { loudest: number }).loudest > 1e-3);
};
const state = (page: Page, is: string) =>
  page.waitForFunction((want) => document.getElementById('player')?.dataset.state === want, is);
const names = (page: Page) => page.locator('.pieces li:visible .name').allInnerTexts();

test('before anything is published the shelf says so, and the archive leads to it', async () => {
  await refreshArchive({ performances: station().performances, site: station().site, log: () => {} });
  const page = await open('/archive/');
  await page.getByRole('link', { name: 'The shelf' }).click();
  expect(await page.locator('.facts').innerText()).toContain('Nothing is on the shelf yet');
  expect(await page.locator('#player').count()).toBe(0);
  expect(await violations(page)).toEqual([]);
  await page.screenshot({ path: `${SHOTS}/empty.png` });
  const { code } = await inProcess([
    ...['corpus', 'publish', corpus, '--data', station().dataDir, '--takedown', 'archive@example.org'],
  ]);
  expect(code).toBe(0);
  expect(told).toEqual([]);
});

test('without a script it is a list, with files to take', async () => {
  const page = await open('/shelf/', { javaScriptEnabled: false });
  expect(await page.locator('.sites a').allInnerTexts()).toEqual(['mill', 'Songs of the harbour']);
  await page.getByRole('link', { name: 'Songs of the harbour' }).click();
  expect(await names(page)).toEqual([HOSTILE]);
  expect(await page.locator('#player, .filter').filter({ visible: true }).count()).toBe(0);
  expect(await page.locator('blockquote').innerText()).toBe('Free to hear.\n\nNot to be sold.');
  expect(await page.getByRole('link', { name: 'archive@example.org' }).getAttribute('href')).toBe(
    'mailto:archive@example.org',
  );
  expect(await page.locator('a[download]').first().getAttribute('href')).toMatch(
    /^\/shelf\/midi\/[0-9a-f]{16}\.mid$/,
  );
});

test('a press on a name plays it with all its instruments, and the words come in time; nothing comes from elsewhere', async () => {
  const page = await open(SITE);
  const asked: string[] = [];
  page.on('request', (request) => asked.push(new URL(request.url()).pathname));
  await page.locator('a.name').click();
  await state(page, 'playing');
  await sounds(page);
  // Twelve programs and the percussion, and no more.
  expect(asked.filter((path) => path.endsWith('.sf3'))).toHaveLength(13);
  await page.waitForFunction(() => document.querySelector('#words b')?.textContent === 'Twinkle ');
  await page.screenshot({ path: `${SHOTS}/playing.png` });
  expect(await violations(page)).toEqual([]);
  await page.locator('#hear').click();
  await state(page, 'paused');
  await page.locator('#seek').fill('8.5');
  expect(await page.locator('#words b').textContent()).toBe('star');
  await page.locator('#hear').click();
  await sounds(page);
  await state(page, 'ended');
  expect(await page.locator('#elapsed').innerText()).toBe('0:00 / 0:09');
  // The HEAD that asks whether there is a /play/ is answered 404 by a station without one.
  expect(told.filter((text) => !/404/.test(text))).toEqual([]);
});

test('a link leads to its piece, which waits for a press; it is shared by its link', async () => {
  const page = await open('/shelf/mill/');
  await page.locator('a.name').nth(3).click();
  await state(page, 'playing');
  await page.locator('#share').click();
  await page.waitForFunction(() => document.getElementById('now')?.textContent === 'The link is copied.');
  const link = await page.evaluate(() => navigator.clipboard.readText());
  expect(link).toMatch(/\/shelf\/mill\/#[0-9a-f]{16}$/);
  const other = await open(link.slice(station().url.length));
  await state(other, 'paused');
  expect(await other.locator('li[aria-current] .name').innerText()).toBe('song3');
  expect(await other.locator('#now').innerText()).toBe('song3');
  await other.locator('#hear').click();
  await state(other, 'playing');
  await sounds(other);
});

test('it filters what a page lists, and the first page searches all', async () => {
  const page = await open('/shelf/mill/');
  await page.locator('#filter').fill('SONG1');
  expect(await names(page)).toEqual(['song1', 'song10', 'song11']);
  expect(await page.locator('#count').innerText()).toBe('3 found');
  await page.locator('#random').click();
  await state(page, 'playing');
  expect(['song1', 'song10', 'song11']).toContain(await page.locator('#now').innerText());
  const first = await open('/shelf/');
  await first.locator('#filter').fill('rain');
  await first.locator('#found li').first().waitFor();
  expect(await names(first)).toEqual([HOSTILE]);
  expect(await first.locator('#found img').count()).toBe(0);
  await first.locator('#found .name').click();
  await state(first, 'playing');
  await sounds(first);
  expect(told.filter((text) => !/404/.test(text))).toEqual([]);
});

test('nothing of axe, in both themes, in forced colours, and as narrow as 320 pixels', async () => {
  for (const path of ['/shelf/', SITE, '/shelf/mill/']) {
    const page = await open(path);
    expect([path, await violations(page)]).toEqual([path, []]);
    await page.locator('#theme').click();
    expect([path, await violations(page)]).toEqual([path, []]);
    const slug = path.replaceAll('/', '-');
    await page.screenshot({ path: `${SHOTS}/dark${slug}.png`, fullPage: true });
    await page.setViewportSize({ width: 320, height: 640 });
    expect([path, await violations(page)]).toEqual([path, []]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320);
    await page.screenshot({ path: `${SHOTS}/narrow${slug}.png`, fullPage: true });
    const forced = await open(path, { forcedColors: 'active' });
    await forced.screenshot({ path: `${SHOTS}/forced${slug}.png` });
    await page.context().close();
    await forced.context().close();
  }
});
