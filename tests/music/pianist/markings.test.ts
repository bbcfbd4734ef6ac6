import { expect, test } from '@jest/globals';
import { markingsOf } from '../../../src/music/pianist/markings.ts';
import { play } from '../../../src/music/pianist/perform.ts';
import { bars, PLAIN, phrase, right, score } from './scores.ts';

const MUSIC = score(
  Array.from({ length: 48 }, (_, i) => right(24 * i, 24, 60 + (i % 7))),
  bars(12),
);
const PHRASES = [phrase(0, 4), phrase(4, 4), phrase(8, 4)];

test('a dynamic is written where loudness changes, and the tempo once', () => {
  // Velocity 64 is the first of f; 1.6 dB less are 60.1, mf; 12 less 64 · 10^(−12/58) = 39.7, p.
  const plan = { ...PLAIN, tempo: 76, phrasesDb: [0, -1.6, -12] };
  const markings = markingsOf(MUSIC, PHRASES, plan, play(MUSIC, plan, PHRASES));
  expect(markings).toEqual({
    tempo: { word: 'Andante', beatSteps: 24, perMinute: 76 },
    dynamics: [
      { bar: 0, mark: 'f' },
      { bar: 4, mark: 'mf' },
      { bar: 8, mark: 'p' },
    ],
    ritardBar: null,
  });
});

test('beats are counted as the metre does, and the ritard is written a bar before the last', () => {
  const alla = bars(12).map((bar) => ({ ...bar, metre: { beats: 2, unit: 2 } }));
  const plan = { ...PLAIN, tempo: 240, rules: { ...PLAIN.rules, finalRitard: 1 } };
  const own = { ...MUSIC, bars: alla };
  const markings = markingsOf(own, PHRASES, plan, play(own, plan, PHRASES));
  expect(markings.tempo).toEqual({ word: 'Allegro', beatSteps: 48, perMinute: 120 });
  expect(markings.ritardBar).toBe(10);
});
