import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { buildPage } from '../../src/adapters/net/page-bundle.ts';

const manifest = JSON.parse(readFileSync(new URL('../../web/piano/manifest.json', import.meta.url), 'utf8'));
const packs: string[] = manifest.layers.map(({ file }: { file: string }) => `/piano/${file}`);

test('the page is whole: document, style, scripts, worker, icon and the piano', async () => {
  const assets = await buildPage();
  expect([...assets.keys()].sort()).toEqual(
    [
      '/',
      '/archive.js',
      '/favicon.svg',
      '/page.js',
      '/pages.css',
      '/replay.js',
      '/style.css',
      '/timer-worker.js',
      ...packs,
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
    '/favicon.svg',
    '/feed.xml',
    '/calendar.ics',
    '/style.css',
    '/page.js',
    '/archive/',
    '/archive/',
    '/feed.xml',
    '/calendar.ics',
    'https://creativecommons.org/licenses/by/3.0/',
  ]);
  expect(text('/style.css')).not.toMatch(/url\(|@import/);
  expect(text('/page.js')).not.toMatch(/https?:\/\/|innerHTML|eval\(/);
});
