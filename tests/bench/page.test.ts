import { expect, test } from '@jest/globals';
import { BUDGET, FIRST_LOAD, weigh } from '../../bench/page/weigh.ts';
import { buildPage } from '../../src/adapters/net/page-bundle.ts';

test('the page, its piano and the shelf keep to their budgets', async () => {
  const { firstLoadKB, pianoMB, synthesiserKB, soundsMB, files } = weigh(await buildPage());
  expect(firstLoadKB).toBeLessThanOrEqual(BUDGET.firstLoadKB);
  expect(pianoMB).toBeLessThanOrEqual(BUDGET.pianoMB);
  expect(synthesiserKB).toBeLessThanOrEqual(BUDGET.synthesiserKB);
  expect(soundsMB).toBeLessThanOrEqual(BUDGET.soundsMB);
  // None is met by having lost something.
  expect(files['/page.js']).toBeGreaterThan(10_000);
  expect(pianoMB).toBeGreaterThan(0.5);
  expect(synthesiserKB).toBeGreaterThan(50);
  expect(soundsMB).toBeGreaterThan(3);
});

test('what is weighed is the gzipped first load; a file that is missing is told', () => {
  const body = new Uint8Array(50_000).map((_, i) => (i * 7_919) % 251);
  const asset = (of: Uint8Array) => ({ body: of, type: 'text/plain' });
  const assets = new Map(FIRST_LOAD.map((path) => [path, asset(new Uint8Array(0))]));
  // An empty gzip is 20 bytes.
  expect(weigh(assets)).toMatchObject({ firstLoadKB: 0.14, pianoMB: 0, files: { '/': 20 } });
  assets.set('/piano/a.mp3', asset(body)).set('/replay.js', asset(body));
  expect(weigh(assets)).toMatchObject({ firstLoadKB: 0.14, pianoMB: 0.05 });
  assets.delete('/page.js');
  expect(() => weigh(assets)).toThrow('/page.js');
});
