import { describe, expect, test } from '@jest/globals';
import { themeFrom } from '../../../src/music/plan/programme.ts';
import type { Metre, Score, ScoreNote } from '../../../src/music/score/score.ts';
import { barLength } from '../../../src/music/score/score.ts';

const WALTZ: Metre = { beats: 3, unit: 4 };
const COMMON: Metre = { beats: 4, unit: 4 };
const note = (onset: number, pitch: number): ScoreNote => ({ onset, length: 24, pitch, part: 'right' });

/** Bars of these metres, and a note at the beginning of each from one bar on. */
function music(metres: readonly Metre[], from: number, pitch = 60) {
  let start = 0;
  const bars = metres.map((metre) => {
    const bar = { start, length: barLength(metre), metre };
    start += bar.length;
    return bar;
  });
  const score: Score = { bars, notes: bars.slice(from).map((bar, i) => note(bar.start, pitch + i)) };
  return { score, opensAt: 96 };
}

describe('the theme that is taken from music', () => {
  test('is its first eight bars, in its metre and at the tempo that it opens with', () => {
    const theme = themeFrom(music(Array(12).fill(WALTZ), 0))!;
    expect(theme.bars).toBe(8);
    expect(theme.notes).toEqual([0, 1, 2, 3, 4, 5, 6, 7].map((bar) => note(bar * 72, 60 + bar)));
    expect(theme.character).toMatchObject({ metre: WALTZ, quartersPerMinute: [96, 96] });
  });

  test('begins where the music does, and ends where its metre changes', () => {
    const theme = themeFrom(music([...Array(15).fill(WALTZ), COMMON, COMMON], 10))!;
    expect(theme.bars).toBe(5);
    expect(theme.notes).toEqual([0, 1, 2, 3, 4].map((bar) => note(bar * 72, 60 + bar)));
  });

  test('has what a piano has keys for, and where that is nothing there is none', () => {
    const theme = themeFrom(music(Array(8).fill(WALTZ), 0, 18))!;
    expect(theme.notes.map(({ pitch, onset }) => [pitch, onset])).toEqual(
      [21, 22, 23, 24, 25].map((pitch, bar) => [pitch, bar * 72]),
    );
    expect(themeFrom(music(Array(8).fill(WALTZ), 0, 110))).toBeNull();
  });
});
