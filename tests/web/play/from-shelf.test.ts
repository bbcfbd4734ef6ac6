/** Which addresses bring a piece from the shelf to /play/. */
import { expect, test } from '@jest/globals';
import { namedIn } from '../../../web/play/from-shelf.ts';

const of = (from: string, name = 'Twinkle', root = '') =>
  namedIn(`?${new URLSearchParams({ from, name })}`, root);

test('a file of the shelf alone, below the site’s own root', () => {
  const file = '/shelf/midi/0123456789abcdef.mid';
  expect(of(file)).toEqual({ file, name: 'Twinkle.mid' });
  expect(of(`/piano${file}`, ' ', '/piano')).toEqual({ file: `/piano${file}`, name: 'piece.mid' });
  for (const bad of [
    `/piano${file}`,
    `https://other.example${file}`,
    `//other.example${file}`,
    '/shelf/midi/../x.mid',
    `${file}?x`,
    `${file}#x`,
    '/play/asked/0',
    '',
  ])
    expect(of(bad)).toBeNull();
  expect(of(file, 'x', '/piano')).toBeNull();
  expect(namedIn('', '')).toBeNull();
});
