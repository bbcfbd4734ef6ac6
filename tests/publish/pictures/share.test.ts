import { expect, test } from '@jest/globals';
import { toMusic } from '../../../src/music/note.ts';
import { punched } from '../../../src/publish/pictures/punched-letters.ts';
import { SHARE_HEIGHT, SHARE_WIDTH, sharePicture } from '../../../src/publish/pictures/share.ts';
import { note } from '../../support/music.ts';
import { decodePng } from './png.ts';

const INK = '#1D1B18';
const RED = '#B4321E';

/** How many pixels of a row or of all rows have a colour. */
function count(png: Uint8Array, colour: string, fromY = 0, toY = SHARE_HEIGHT): number {
  const picture = decodePng(png);
  let found = 0;
  for (let y = fromY; y < toY; y++)
    for (let x = 0; x < picture.width; x++) if (picture.colourAt(x, y) === colour) found++;
  return found;
}

test('letters are punched as slots and dots, five by seven', () => {
  expect(punched('T').slots).toEqual([
    { row: 0, column: 0, length: 5 },
    ...[1, 2, 3, 4, 5, 6].map((row) => ({ row, column: 2, length: 1 })),
  ]);
  expect(punched('LT')).toMatchObject({ columns: 11, rows: 7 });
  expect(punched('LT').slots.filter(({ column }) => column >= 6)).toHaveLength(7);
});

test('small letters and accents are punched as plain capitals, and what has no letter leaves a blank', () => {
  expect(punched('é').slots).toEqual(punched('E').slots);
  expect(punched('夜').slots).toEqual([]);
  expect(punched('').columns).toBe(0);
  expect(punched('constructor').slots).toEqual(punched('CONSTRUCTOR').slots);
});

test.each(['ABCDEFGHIJKLMNOPQRSTUVWXYZ', '0123456789'])('each of %s differs from every other', (signs) => {
  const all = [...signs].map((sign) => JSON.stringify(punched(sign).slots));
  expect(new Set(all).size).toBe(signs.length);
});

test('the picture has the size that others show uncut, the roll above, title and date below', () => {
  const music = toMusic([note(0, 20_000, 60, 90), note(10_000, 4_000, 72, 40)]);
  const png = sharePicture(music, 'Suite in E flat major', '21 November 2026 - Pianola');
  const { width, height, colourAt } = decodePng(png);
  expect([width, height]).toEqual([SHARE_WIDTH, SHARE_HEIGHT]);
  expect([colourAt(0, 0), colourAt(600, 50), colourAt(0, SHARE_HEIGHT - 1)]).toEqual([
    '#E7DFCA',
    '#F3EEDF',
    '#E7DFCA',
  ]);
  expect(count(png, INK, 70, 410)).toBeGreaterThan(1_000);
  expect(count(png, INK, 446, 525)).toBeGreaterThan(1_000);
  expect(count(png, RED, 546, 590)).toBeGreaterThan(500);
  // Nothing is punched beyond the margins, however long the title.
  const long = decodePng(sharePicture(music, 'x'.repeat(80), ''));
  for (let y = 440; y < 540; y++)
    for (let x = SHARE_WIDTH - 60; x < SHARE_WIDTH; x++) expect(long.colourAt(x, y)).toBe('#F3EEDF');
});

test('the same day gives the same bytes, a light file, also without a note', () => {
  const music = toMusic([note(0, 500)]);
  expect(sharePicture(music, 'a', 'b')).toEqual(sharePicture(music, 'a', 'b'));
  expect(sharePicture(toMusic([]), 'Silence', '').length).toBeLessThan(20_000);
});
