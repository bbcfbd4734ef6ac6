import { expect, test } from '@jest/globals';
import { LOWEST_PITCH } from '../../src/music/note.ts';
import { registerKeeper } from '../../src/music/register.ts';
import { NO_PITCH, PITCH, VOCABULARY_SIZE } from '../../src/music/tokens.ts';

/** Asked for is level 4, whose middle is 62.5. */
const bentAfter = (pitch: number, notes = 300) => {
  const keeper = registerKeeper();
  for (let i = 0; i < notes; i++) keeper.struck(pitch);
  const logits = new Float32Array(VOCABULARY_SIZE);
  keeper.bend(logits, 4);
  return (midi: number) => logits[PITCH + midi - LOWEST_PITCH]!;
};

test('music that has strayed too high is drawn down, too low up, an octave beyond by two nats an octave', () => {
  const high = bentAfter(62.5 + 19);
  expect(high(60) - high(72)).toBeCloseTo(2, 5);
  const low = bentAfter(62.5 - 19);
  expect(low(72) - low(60)).toBeCloseTo(2, 5);
});

test('within seven semitones of what was asked for, and before there is any music, nothing is bent', () => {
  for (const bent of [bentAfter(69), bentAfter(56), bentAfter(90, 0)]) {
    for (let midi = LOWEST_PITCH; midi <= 108; midi++) expect(bent(midi)).toBe(0);
  }
});

test('pitches alone are bent', () => {
  const keeper = registerKeeper();
  for (let i = 0; i < 300; i++) keeper.struck(95);
  const logits = new Float32Array(VOCABULARY_SIZE);
  keeper.bend(logits, 0);
  expect(logits.subarray(0, PITCH).every((value) => value === 0)).toBe(true);
  expect(logits.subarray(NO_PITCH).every((value) => value === 0)).toBe(true);
  // The lowest register has no lower edge: its middle is three semitones below its upper one.
  expect(logits[PITCH + 47 - LOWEST_PITCH]!).toBeCloseTo(0, 5);
  expect(logits[PITCH + 59 - LOWEST_PITCH]!).toBeLessThan(-5);
});
