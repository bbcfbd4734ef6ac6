import { expect, test } from '@jest/globals';
import { likeness, themeLine, topLine } from '../../bench/week/motif.ts';
import type { Part, ScoreNote } from '../../src/music/score/score.ts';

const note = (onset: number, pitch: number, part: Part = 'right'): ScoreNote => ({
  onset,
  length: 12,
  pitch,
  part,
});
const TUNE = [60, 62, 64, 60, 67, 65, 64, 62, 60, 59, 60];

test('a line is the highest of what is struck together, without the left hand', () => {
  const notes = [note(0, 60), note(0, 64), note(0, 90, 'left'), note(12, 67, 'voice'), note(12, 62)];
  expect(topLine({ notes })).toEqual([64, 67]);
  expect(themeLine({ notes: [...notes, note(8 * 96, 70)] }, 4)).toEqual([64, 67]);
});

test('a tune is found wherever it stands, and in any key', () => {
  expect(likeness(TUNE, [50, 71, ...TUNE, 48])).toBe(1);
  expect(likeness(TUNE, [50, ...TUNE.map((pitch) => pitch + 5)])).toBe(1);
});

test('of a varied or shortened one as much is found as was left', () => {
  // Each changed note changes the interval to it and the one from it.
  const varied = TUNE.map((pitch, i) => (i === 4 ? pitch + 2 : pitch));
  expect(likeness(TUNE, varied)).toBe(0.8);
  expect(likeness(TUNE, TUNE.slice(1))).toBe(0.9);
  expect(likeness(TUNE, [0, 11, 0, 11, 0])).toBe(0);
  expect(likeness([60], TUNE)).toBe(0);
});
