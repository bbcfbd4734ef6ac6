import { expect, test } from '@jest/globals';
import { dynamicOf, tempoWord } from '../../../src/music/pianist/markings.ts';

test('a tempo has the word that stands on metronomes', () => {
  expect([40, 51, 52, 76, 83, 84, 119, 144].map(tempoWord)).toEqual([
    ...['Largo', 'Largo', 'Adagio', 'Andante', 'Andante', 'Moderato', 'Allegretto', 'Vivace'],
  ]);
});

test('a loudness has its mark, from pp to ff', () => {
  expect([1, 33, 34, 53, 54, 63, 64, 76, 127].map(dynamicOf)).toEqual([
    ...['pp', 'pp', 'p', 'mp', 'mf', 'mf', 'f', 'ff', 'ff'],
  ]);
});
