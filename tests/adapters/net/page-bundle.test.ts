import { expect, test } from '@jest/globals';
import { buildPage, playOnStage, withoutPlay } from '../../../src/adapters/net/page-bundle.ts';

test('a station that does not go on from music has neither the page for it nor a link there', async () => {
  const whole = await buildPage();
  const left = withoutPlay(whole);
  const gone = [...whole.keys()].filter((path) => !left.has(path));
  expect(gone.sort()).toEqual([
    ...['/play.css', '/play.js', '/play/'],
    ...['de', 'es', 'fr', 'ja'].map((code) => `/words-play-${code}.js`),
  ]);
  const home = (assets: typeof whole) => new TextDecoder().decode(assets.get('/')!.body);
  expect(home(whole)).toContain('href="/play/"');
  expect(home(left)).not.toMatch(/\/play|play -->/);
  expect(home(left)).toContain('id="status"');
});

test('on a stage the page says how long music lies in a bucket, and all else is as it was', async () => {
  const whole = await buildPage();
  const stage = playOnStage(whole);
  const changed = [...stage].filter(([path, { body }]) => body !== whole.get(path)?.body);
  expect([changed.map(([path]) => path), stage.size]).toEqual([['/play/'], whole.size]);
  const words = new TextDecoder().decode(stage.get('/play/')!.body).replace(/\s+/g, ' ');
  expect(words).toContain(
    'is shown to nobody, and can be seen by nobody half an hour after it is done, and is deleted within two days, unless you',
  );
  const other = new Map([['/play/', { body: new TextEncoder().encode('<p>'), type: 'text/html' }]]);
  expect(() => playOnStage(other)).toThrow('/play/ does not say that music is forgotten');
});
