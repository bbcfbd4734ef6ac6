/** Words to sing along with: of lyric events, or of the text events of `.kar` files. */
import { expect, test } from '@jest/globals';
import { karaokeOf, type Line } from '../../../src/music/midi/karaoke.ts';
import { readSmf } from '../../../src/music/midi/walk.ts';
import { bandFile, wordsAt } from '../../support/band-file.ts';

const lines = (bytes: Uint8Array): readonly Line[] => {
  const reading = readSmf(bytes);
  if ('problem' in reading) throw new Error(reading.problem);
  return karaokeOf(reading);
};
const lyricsAt = (words: readonly (readonly [number, string])[]) =>
  wordsAt(words).map(({ ms, bytes }) => ({ ms, bytes: [0xff, 5, ...bytes.slice(2)] }));

test('text of a .kar file: strokes begin lines, what begins with @ is no word', () => {
  const words = wordsAt([
    [0, '@KMIDI KARAOKE FILE'],
    [0, '@TTwinkle'],
    [500, '\\Twin'],
    [1_000, 'kle '],
    [1_500, '/lit'],
    [2_000, 'tle'],
  ]);
  expect(lines(bandFile(words))).toEqual([
    [
      { seconds: 0.5, text: 'Twin' },
      { seconds: 1, text: 'kle ' },
    ],
    [
      { seconds: 1.5, text: 'lit' },
      { seconds: 2, text: 'tle' },
    ],
  ]);
});

test('lyric events go before text; carriage returns and line feeds end lines, and are not shown', () => {
  const words = [
    ...lyricsAt([
      [500, 'la '],
      [700, 'la\r'],
      [900, 'lo\n'],
      [950, '\r'],
    ]),
    ...wordsAt([[0, '/no']]),
  ];
  expect(lines(bandFile(words)).map((line) => line.map(({ text }) => text))).toEqual([['la ', 'la'], ['lo']]);
});

test('text that begins no line is none to sing: most of it says who made the file', () => {
  expect(
    lines(
      bandFile(
        wordsAt([
          [0, 'Sequenced at home'],
          [10, 'Enjoy'],
        ]),
      ),
    ),
  ).toEqual([]);
  expect(lines(bandFile())).toEqual([]);
});
