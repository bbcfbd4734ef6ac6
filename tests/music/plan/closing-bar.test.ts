import { describe, expect, test } from '@jest/globals';
import { closed } from '../../../src/music/plan/closing-bar.ts';
import type { Score, ScoreNote } from '../../../src/music/score/score.ts';

const BAR = { start: 0, length: 96, metre: { beats: 4, unit: 4 } };
const note = (onset: number, pitch: number, part: ScoreNote['part'], length = 48): ScoreNote => ({
  onset,
  length,
  pitch,
  part,
});
const score = (notes: ScoreNote[]): Score => ({ bars: [BAR], notes });
const C = { tonic: 0, major: true };

describe('the end of a movement', () => {
  test('stays as it is where it rests on the tonic', () => {
    const resting = score([note(0, 36, 'left'), note(0, 72, 'right')]);
    expect(closed(resting, C)).toBe(resting);
  });

  test('is a bar more elsewhere: the tonic chord near both hands, held', () => {
    const open = closed(score([note(0, 43, 'left', 192), note(0, 71, 'right', 96)]), C);
    expect(open.bars.map(({ start }) => start)).toEqual([0, 96]);
    // G2 resolves to C3 and its fifth; B4 to C5 with the third and the fifth below.
    expect(open.notes.slice(2)).toEqual([
      note(96, 48, 'left', 96),
      note(96, 55, 'left', 96),
      note(96, 64, 'right', 96),
      note(96, 67, 'right', 96),
      note(96, 72, 'right', 96),
    ]);
    expect(open.notes[0]!.length).toBe(96);
  });

  test('in minor has a minor third', () => {
    const open = closed(score([note(0, 43, 'left'), note(0, 71, 'right')]), { tonic: 0, major: false });
    expect(open.notes.map(({ pitch }) => pitch)).toContain(63);
  });
});
