import { createServer, type Server } from 'node:http';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { listenOn } from '../../src/adapters/net/listen-on.ts';
import { violations } from './axe.ts';
import { aBrowser, aStation, pictures } from './suite.ts';

/** The embed where it belongs: in a frame on a page of somebody else's, which has another origin. */
const SHOTS = pictures('embed');
const browser = aBrowser();
const station = aStation();
let elsewhere: Server;
let host: string;
beforeAll(async () => {
  elsewhere = createServer((request, response) => {
    const src = new URL(request.url ?? '/', 'http://x').searchParams.get('src') ?? '';
    response.setHeader('content-type', 'text/html');
    response.end(
      `<!doctype html><title>Elsewhere</title><iframe src="${src}" width="700" height="260"></iframe>`,
    );
  });
  host = `http://127.0.0.1:${await listenOn(elsewhere, 0, '127.0.0.1')}`;
});
afterAll(() => {
  elsewhere.closeAllConnections();
  elsewhere.close();
});

const framed = async (path: string): Promise<Page> => {
  const page = await browser().newPage();
  // Another site to the browser: `localhost` and `127.0.0.1` are different hosts.
  const src = `${station().url.replace('127.0.0.1', 'localhost')}${path}`;
  await page.goto(`${host}/?src=${encodeURIComponent(src)}`);
  return page;
};

test('another site may frame the embed, where the last roll plays at a press; and nothing else of the station', async () => {
  const page = await framed('/embed/?state=waiting');
  const frame = page.frameLocator('iframe');
  await frame.locator('#hear', { hasText: /^Hear last night’s, 4:00$/ }).click();
  await frame.locator('#hear', { hasText: 'Pause' }).waitFor();
  await frame.locator('#time', { hasText: /^0:01/ }).waitFor();
  expect(await frame.locator('#title').textContent()).toBe('Two pieces in B flat major');
  expect(await frame.locator('.mark').getAttribute('target')).toBe('_blank');
  await page.screenshot({ path: `${SHOTS}/elsewhere.png` });
  await page.close();
  for (const path of ['/', '/archive/', '/embed/x']) {
    const refused = await framed(path);
    await refused.waitForTimeout(300);
    // What the browser shows instead is a page of its own.
    expect(refused.frames()[1]!.url()).toMatch(/^chrome-error:/);
    await refused.close();
  }
});

test('figures on the paper are painted in the type, however late it comes', async () => {
  const page = await browser().newPage({ viewport: { width: 700, height: 260 } });
  // Nothing but the paper asks for italics here.
  await page.route('**/type/*-italic-*', async (route) => {
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    await route.continue();
  });
  await page.goto(`${station().url}/embed/?state=waiting`);
  const paper = () =>
    page.evaluate(async () => {
      for (let i = 0; i < 3; i++) await new Promise((resolve) => requestAnimationFrame(resolve));
      return (document.getElementById('last') as HTMLCanvasElement).toDataURL();
    });
  await page.waitForTimeout(700);
  const early = await paper();
  await page.waitForFunction(() =>
    [...document.fonts].every(({ style, status }) => style !== 'italic' || status === 'loaded'),
  );
  const late = await paper();
  await page.screenshot({ path: `${SHOTS}/figures.png` });
  expect(late).not.toBe(early);
  // Painted anew by a window that was another one for a moment, it is the same.
  await page.setViewportSize({ width: 690, height: 260 });
  await paper();
  await page.setViewportSize({ width: 700, height: 260 });
  expect(await paper()).toBe(late);
  await page.close();
});

test('while a piece plays for everybody the embed joins it, and then mutes', async () => {
  const page = await framed('/embed/?state=live');
  const frame = page.frameLocator('iframe');
  await frame.locator('#join', { hasText: 'Join' }).click();
  await frame.locator('#mute', { hasText: 'Mute' }).click();
  await frame.locator('#mute', { hasText: 'Muted' }).waitFor();
  expect(await frame.locator('#hear').isVisible()).toBe(false);
  await page.close();
});

test('nothing heavy is fetched before a pointer comes', async () => {
  const page = await browser().newPage();
  const asked: string[] = [];
  page.on('request', (request) => asked.push(new URL(request.url()).pathname));
  await page.goto(`${station().url}/embed/?state=waiting`);
  await page.locator('#hear').waitFor();
  await page.waitForTimeout(500);
  expect(asked.filter((path) => path.startsWith('/piano/'))).toEqual([]);
  await page.locator('#hear').hover();
  await page.waitForRequest(/\/piano\//, { timeout: 5_000 }).catch(() => {});
  expect(asked.filter((path) => path.startsWith('/piano/')).length).toBeGreaterThan(0);
  await page.close();
});

test.each([
  [320, 200],
  [600, 160],
  [700, 260],
  [1_200, 400],
])(
  'a frame of %i × %i has paper, a button and nothing that is cut off',
  async (width, height) => {
    const page = await browser().newPage({ viewport: { width, height } });
    for (const state of ['waiting', 'never', 'leader', 'live', 'silent', 'offline'])
      for (const theme of ['light', 'dark']) {
        await page.goto(`${station().url}/embed/?state=${state}&theme=${theme}`);
        await page.waitForFunction(() => document.body.dataset.state !== 'loading', null, { polling: 20 });
        await page.waitForTimeout(150);
        const { across, down, paper } = await page.evaluate(() => ({
          across: document.documentElement.scrollWidth - innerWidth,
          down: document.documentElement.scrollHeight - innerHeight,
          paper: document.querySelector('.strip')!.clientHeight,
        }));
        expect([state, across, down]).toEqual([state, 0, 0]);
        expect(paper).toBeGreaterThan(70);
        await page.screenshot({ path: `${SHOTS}/${state}-${width}-${theme}.png` });
        expect(await violations(page)).toEqual([]);
      }
    await page.close();
  },
  120_000,
);
