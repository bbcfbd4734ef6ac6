import { hash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { buildPage } from '../../src/adapters/net/page-bundle.ts';

const manifest = JSON.parse(readFileSync(new URL('../../web/piano/manifest.json', import.meta.url), 'utf8'));
const packs: string[] = manifest.layers.map(({ file }: { file: string }) => `/piano/${file}`);
const { programs, drums } = JSON.parse(
  readFileSync(new URL('../../web/sounds/manifest.json', import.meta.url), 'utf8'),
);
const sounds: string[] = [...programs, drums].map(({ file }: { file: string }) => `/sounds/${file}`);
const type = readdirSync(new URL('../../web/type/', import.meta.url))
  .filter((name) => name.endsWith('.woff2'))
  .map((name) => `/type/${name}`);

test('the page is whole: document, style, scripts, worker, icon and the piano', async () => {
  const assets = await buildPage();
  expect([...assets.keys()].sort()).toEqual(
    [
      '/',
      '/404.html',
      '/archive.js',
      '/embed.css',
      '/embed/',
      '/favicon.svg',
      '/fetcher.js',
      '/fixtures.js',
      '/icons/icon-180.png',
      '/icons/icon-192.png',
      '/icons/icon-512.png',
      '/icons/maskable-512.png',
      '/live.css',
      '/manifest.webmanifest',
      '/page.js',
      '/pages.css',
      '/play.css',
      '/play.js',
      '/play/',
      '/replay.js',
      '/service-worker.js',
      '/shelf-worklet.js',
      '/shelf.css',
      '/shelf.js',
      '/site-clock.js',
      '/sounds/LICENSE.md',
      '/style.css',
      '/theme.js',
      '/timer-worker.js',
      ...['', 'play-', 'shelf-'].flatMap((room) =>
        ['de', 'es', 'fr', 'ja'].map((code) => `/words-${room}${code}.js`),
      ),
      ...packs,
      ...sounds,
      ...type,
    ].sort(),
  );
  for (const { body } of assets.values()) expect(body.byteLength).toBeGreaterThan(50);
  expect(assets.get('/')?.type).toBe('text/html; charset=utf-8');
  expect(packs.map((path) => assets.get(path)?.type)).toEqual(['audio/mpeg', 'audio/mpeg']);
});

test('nothing of it is inline or from elsewhere, so that a strict content security policy holds', async () => {
  const assets = await buildPage();
  const text = (path: string) => new TextDecoder().decode(assets.get(path)!.body);
  const html = text('/');
  expect(html).not.toMatch(/<script(?![^>]*\ssrc=)|<style|\sstyle=|\son\w+=/i);
  expect([...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, url]) => url)).toEqual([
    'https://site.invalid/',
    '/favicon.svg',
    '/icons/icon-180.png',
    '/manifest.webmanifest',
    '/feed.xml',
    '/calendar.ics',
    ...[...type].reverse(),
    '/theme.js',
    '/style.css',
    '/live.css',
    '/page.js',
    '/archive/',
    '/next.ics',
    '/play/',
    '/archive/',
    '/archive/',
    '/archive/',
    '/feed.xml',
    'webcal://site.invalid/calendar.ics',
    'https://creativecommons.org/licenses/by/3.0/',
  ]);
  const embed = text('/embed/');
  expect(embed).not.toMatch(/<script(?![^>]*\ssrc=)|<style|\sstyle=|\son\w+=/i);
  for (const [, url] of embed.matchAll(/(?:src|href)="([^"]+)"/g))
    expect(url).toMatch(/^(\/(?!\/)|https:\/\/site\.invalid\/embed\/$)/);
  // Styles ask for the type alone, under names that change with the files.
  const asked = [...text('/style.css').matchAll(/url\("?([^")]+)"?\)/g)].map(([, url]) => url);
  expect(asked.sort()).toEqual(type);
  for (const path of type) expect(path).toContain(hash('sha256', assets.get(path)!.body).slice(0, 8));
  expect(text('/style.css') + text('/live.css')).not.toMatch(/@import/);
  // Roman and italic together.
  expect(type.reduce((sum, path) => sum + assets.get(path)!.body.byteLength, 0)).toBeLessThan(40_000);
  // SVG's name is no address.
  const script = text('/page.js').replaceAll('http://www.w3.org/2000/svg', '');
  expect(/https?:\/\/|innerHTML|eval\(/.exec(script)).toBeNull();
});

test('the live page has everything that its script writes to; the embed has of it what a frame has room for', async () => {
  const source = readFileSync(new URL('../../web/page/view.ts', import.meta.url), 'utf8');
  const asked = [...source.matchAll(/find(?:<\w+>)?\('([\w-]+)'/g)].map(([, id]) => id!);
  expect(asked.length).toBeGreaterThan(20);
  const assets = await buildPage();
  const ids = (path: string) =>
    new Set(
      [...new TextDecoder().decode(assets.get(path)!.body).matchAll(/\sid="([\w-]+)"/g)].map(([, id]) => id!),
    );
  const [live, embed] = [ids('/'), ids('/embed/')];
  expect(asked.filter((id) => !live.has(id))).toEqual([]);
  const here = ['roll', 'last', 'label', 'hear', 'join', 'reload', 'mute', 'volume', 'time', 'will'];
  expect(here.filter((id) => !embed.has(id))).toEqual([]);
});
