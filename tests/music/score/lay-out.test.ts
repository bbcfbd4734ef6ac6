import { describe, expect, test } from '@jest/globals';
import { layOut, type Staff, type Staves } from '../../../src/music/score/lay-out.ts';

const PPQ = 480;
/** Quarters as [onset, length, pitch]. */
const staff = (notes: readonly [number, number, number][], program = 0): Staff => ({
  program,
  notes: notes.map(([at, length, pitch]) => ({ tick: at * PPQ, ticks: length * PPQ, pitch })),
});
const waltz = (staves: Staff[], more: Partial<Staves> = {}): Staves => ({
  ppq: PPQ,
  signatures: [{ tick: 0, metre: { beats: 3, unit: 4 } }],
  staves,
  song: false,
  ...more,
});
/** Bass on the first beat, two chords after it: `bars` bars from quarter `from` on. */
const oompah = (from: number, bars: number): [number, number, number][] =>
  Array.from({ length: bars }, (_, i) => from + 3 * i).flatMap((at): [number, number, number][] => [
    [at, 1, 43],
    [at + 1, 1, 55],
    [at + 2, 1, 55],
  ]);

describe('laying tracks out as a score', () => {
  test('puts ticks on 24 steps a quarter, and the higher staff into the right hand', () => {
    const score = layOut(waltz([staff([[0, 3, 48]]), staff([[1 / 3, 0.95 / 3, 72]])]))!;
    expect(score.notes).toEqual([
      { onset: 0, length: 72, pitch: 48, part: 'left' },
      { onset: 8, length: 8, pitch: 72, part: 'right' },
    ]);
    expect(score.bars).toEqual([{ start: 0, length: 72, metre: { beats: 3, unit: 4 } }]);
  });

  test('moves a short first bar to the end of a whole one', () => {
    const signatures = [
      { tick: 0, metre: { beats: 1, unit: 4 } },
      { tick: PPQ, metre: { beats: 3, unit: 4 } },
    ];
    const score = layOut(
      waltz(
        [
          staff([
            [0, 1, 67],
            [1, 3, 72],
          ]),
          staff(oompah(1, 2)),
        ],
        { signatures },
      ),
    )!;
    expect(score.bars.map(({ start, length }) => [start, length])).toEqual([
      [0, 72],
      [72, 72],
      [144, 72],
    ]);
    expect(score.notes[0]).toEqual({ onset: 48, length: 24, pitch: 67, part: 'right' });
  });

  test('finds an upbeat that the file does not tell of by its basses', () => {
    const score = layOut(
      waltz([
        staff([[0, 1, 67], ...oompah(1, 8).map(([at]) => [at, 1, 72] as [number, number, number])]),
        staff(oompah(1, 8)),
      ]),
    )!;
    expect(score.notes.filter(({ pitch }) => pitch === 43).every(({ onset }) => onset % 72 === 0)).toBe(true);
    expect(score.notes[0]!.onset).toBe(48);
  });

  test('leaves bar lines where they are written when the basses agree', () => {
    const score = layOut(waltz([staff([[0, 3, 72]]), staff(oompah(0, 8))]))!;
    expect(score.notes[0]!.onset).toBe(0);
  });

  test('calls the first staff of a song the voice, and keeps one voice of several', () => {
    const staves = [
      staff([[0, 3, 70]], 52),
      staff([[0, 3, 60]], 52),
      staff([[0, 3, 64]]),
      staff([[0, 3, 48]]),
    ];
    expect(layOut(waltz(staves))!.notes.map(({ pitch, part }) => [pitch, part])).toEqual([
      [48, 'left'],
      [64, 'right'],
      [70, 'voice'],
    ]);
  });

  test('divides a single staff between two hands a tenth wide', () => {
    const score = layOut(
      waltz([
        staff([
          [0, 1, 40],
          [0, 1, 64],
          [0, 1, 72],
        ]),
      ]),
    )!;
    expect(score.notes.map(({ part }) => part)).toEqual(['left', 'right', 'right']);
  });

  test('lets a strike end the note that sounds on its key, and strikes a unison once', () => {
    const score = layOut(
      waltz([
        staff([
          [0, 3, 60],
          [1, 1, 60],
        ]),
        staff([[1, 2, 60]]),
      ]),
    )!;
    expect(score.notes.map(({ onset, length }) => [onset, length])).toEqual([
      [0, 24],
      [24, 48],
    ]);
  });

  test('refuses bars longer than eight quarters, and silence', () => {
    expect(
      layOut(waltz([staff([[0, 1, 60]])], { signatures: [{ tick: 0, metre: { beats: 9, unit: 4 } }] })),
    ).toBeNull();
    expect(layOut(waltz([staff([])]))).toBeNull();
  });
});
