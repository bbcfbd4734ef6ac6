import { expect, test } from '@jest/globals';
import { buildPage, withoutPlay } from '../../../src/adapters/net/page-bundle.ts';

test('a station that does not go on from music has neither the page for it nor a link there', async () => {
  const whole = await buildPage();
  const left = withoutPlay(whole);
  const gone = [...whole.keys()].filter((path) => !left.has(path));
  expect(gone.sort()).toEqual(['/play.css', '/play.js', '/play/']);
  const home = (assets: typeof whole) => new TextDecoder().decode(assets.get('/')!.body);
  expect(home(whole)).toContain('href="/play/"');
  expect(home(left)).not.toMatch(/\/play|play -->/);
  expect(home(left)).toContain('id="status"');
});
