import { expect, test } from '@jest/globals';
import { buildPage } from '../../src/adapters/page.ts';
import { SAMPLE_PITCHES, samplePath } from '../../web/samples.ts';

test('the page is whole: document, style, scripts, worker, icon and thirty recordings', async () => {
  const assets = await buildPage();
  expect([...assets.keys()].sort()).toEqual(
    [
      '/',
      '/favicon.svg',
      '/page.js',
      '/style.css',
      '/timer-worker.js',
      ...SAMPLE_PITCHES.map(samplePath),
    ].sort(),
  );
  for (const { body } of assets.values()) expect(body.byteLength).toBeGreaterThan(50);
  expect(assets.get('/')?.type).toBe('text/html; charset=utf-8');
  expect(assets.get('/piano/Ds4v8.mp3')?.type).toBe('audio/mpeg');
});

test('nothing of it is inline or from elsewhere, so that a strict content security policy holds', async () => {
  const assets = await buildPage();
  const text = (path: string) => new TextDecoder().decode(assets.get(path)!.body);
  const html = text('/');
  expect(html).not.toMatch(/<script(?![^>]*\ssrc=)|<style|\sstyle=|\son\w+=/i);
  expect([...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, url]) => url)).toEqual([
    '/favicon.svg',
    '/style.css',
    '/page.js',
    'https://creativecommons.org/licenses/by/3.0/',
  ]);
  expect(text('/style.css')).not.toMatch(/url\(|@import/);
  expect(text('/page.js')).not.toMatch(/https?:\/\/|innerHTML|eval\(/);
});
