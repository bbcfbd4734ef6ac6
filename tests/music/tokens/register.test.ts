import { expect, test } from '@jest/globals';
import { LOWEST_PITCH } from '../../../src/music/note.ts';
import { registerKeeper } from '../../../src/music/tokens/register.ts';
import { NO_PITCH, PITCH, VOCABULARY_SIZE } from '../../../src/music/tokens/vocabulary.ts';

/** Asked for is level 4, whose middle is 62.5. */
const bentAfter = (pitch: number, notes = 300) => {
  const keeper = registerKeeper(4);
  for (let i = 0; i < notes; i++) keeper.struck(pitch);
  const logits = new Float32Array(VOCABULARY_SIZE);
  keeper.bend(logits, 4);
  return (midi: number) => logits[PITCH + midi - LOWEST_PITCH]!;
};
const ALL = Array.from({ length: 88 }, (_, i) => LOWEST_PITCH + i);

test('music that has strayed too high finds high pitches rarer, too low low ones: two nats an octave for each beyond', () => {
  const high = bentAfter(62.5 + 19);
  expect(high(72) - high(84)).toBeCloseTo(2, 3);
  const low = bentAfter(62.5 - 19);
  expect(low(53) - low(41)).toBeCloseTo(2, 3);
  // The other side is let alone, or the far end of the keyboard would become the likeliest.
  for (const midi of ALL) expect(midi < 62.5 ? high(midi) : low(midi)).toBeCloseTo(0, 10);
});

test('within seven semitones of what was asked for nothing is bent, nor by the first notes of a section', () => {
  for (const bent of [bentAfter(69), bentAfter(56), bentAfter(36, 5)]) {
    for (const midi of ALL) expect(bent(midi)).toBeCloseTo(0, 10);
  }
});

test('pitches alone are bent, and the outermost registers have a middle as well', () => {
  const keeper = registerKeeper(0);
  for (let i = 0; i < 300; i++) keeper.struck(95);
  const logits = new Float32Array(VOCABULARY_SIZE);
  keeper.bend(logits, 0);
  expect(logits.subarray(0, PITCH).every((value) => value === 0)).toBe(true);
  expect(logits.subarray(NO_PITCH).every((value) => value === 0)).toBe(true);
  // The lowest has no lower edge: its middle is three semitones below its upper one.
  expect(logits[PITCH + 47 - LOWEST_PITCH]!).toBeCloseTo(0, 5);
  expect(logits[PITCH + 59 - LOWEST_PITCH]!).toBeLessThan(-5);
});
