import { describe, expect, test } from '@jest/globals';
import type { ScoreNote } from '../../../src/music/score/score.ts';
import { bassGoesOn, saidAgain, sings } from '../../../src/music/taste/motion.ts';

const BAR = 96;
/** Bars of four quarters in the right hand; a bar of fewer pitches ends with a rest. */
const melody = (...bars: readonly (readonly number[])[]): ScoreNote[] =>
  bars.flatMap((pitches, bar) =>
    pitches.map((pitch, i) => ({ onset: bar * BAR + i * 24, length: 24, pitch, part: 'right' as const })),
  );
/** A whole note a bar in the left hand, below a fifth. */
const basses = (...pitches: readonly number[]): ScoreNote[] =>
  pitches.flatMap((low, bar) =>
    [low, low + 7].map((pitch) => ({ onset: bar * BAR, length: BAR, pitch, part: 'left' as const })),
  );

describe('a phrase sings', () => {
  test('in the bars in which its upper voice moves, where it may rest in the last', () => {
    expect(sings(melody([60, 62, 64, 65], [67, 65], [64, 64, 64, 64], [60]), 4, BAR)).toBeCloseTo(2 / 3);
    expect(sings(melody([60, 62], [64, 65], [67, 65], [64]), 4, BAR)).toBe(1);
  });

  test('not where the left hand is alone', () => {
    expect(sings(basses(36, 43, 41, 36), 4, BAR)).toBe(0);
    expect(sings([], 4, BAR)).toBe(0);
  });

  test('and where it is one bar nothing is asked', () => {
    expect(sings(melody([60]), 1, BAR)).toBe(1);
  });
});

describe('a bass goes on', () => {
  test('over the bar lines behind which it is another pitch class, whatever the octave', () => {
    expect(bassGoesOn(basses(36, 43, 41, 36), 4, BAR)).toBe(1);
    expect(bassGoesOn(basses(36, 48, 43, 43), 4, BAR)).toBeCloseTo(1 / 3);
    expect(bassGoesOn(basses(36, 36, 36, 36), 4, BAR)).toBe(0);
  });

  test('whatever lies above it', () => {
    const other = basses(36).map((note) => ({
      ...note,
      onset: BAR,
      pitch: note.pitch === 43 ? 45 : note.pitch,
    }));
    expect(bassGoesOn([...basses(36), ...other], 2, BAR)).toBe(0);
  });

  test('by what is struck first in a bar, and bars without a strike are passed over', () => {
    const moving = [...basses(36), { onset: 24, length: 24, pitch: 31, part: 'left' as const }];
    const later = basses(36).map((note) => ({ ...note, onset: note.onset + 2 * BAR }));
    expect(bassGoesOn([...moving, ...later], 3, BAR)).toBe(0);
    expect(bassGoesOn([], 3, BAR)).toBe(0);
  });
});

describe('a bar is said again', () => {
  test('where its upper voice is note for note that of an earlier one', () => {
    expect(saidAgain(melody([60, 62], [64, 65], [60, 62], [60, 62]), [], 4, BAR)).toBe(0.5);
    expect(saidAgain(melody([60, 62], [64, 65], [60, 64], [62, 60]), [], 4, BAR)).toBe(0);
  });

  test('of the phrase before too; an octave higher it is another', () => {
    expect(saidAgain(melody([60, 62], [64, 65]), melody([67, 69], [64, 65]), 2, BAR)).toBe(0.5);
    expect(saidAgain(melody([72, 74], [64, 67]), melody([60, 62], [64, 65]), 2, BAR)).toBe(0);
  });

  test('and bars without an upper voice say nothing', () => {
    expect(saidAgain(basses(36, 36), basses(36, 36), 2, BAR)).toBe(0);
  });
});
