import { expect, test } from '@jest/globals';
import { CAPTION_MS, caption } from '../../../web/score/captions.ts';
import { note } from '../../support/music.ts';

/** One stretch of music: `every` ms a chord of these keys. */
const stretch = (everyMs: number, pitches: readonly number[], velocity: number, from = 0) =>
  Array.from({ length: CAPTION_MS / everyMs }, (_, i) =>
    pitches.map((pitch) => note(from + i * everyMs, everyMs, pitch, velocity)),
  ).flat();

test('nothing is said before there was something to hear', () => {
  expect(caption(stretch(500, [60], 64), CAPTION_MS - 1)).toBeNull();
});

test('pace, register, loudness and voices, in words', () => {
  expect(caption(stretch(2_000, [36, 43], 30), CAPTION_MS)).toBe('Sparse, low, soft, two voices.');
  expect(caption(stretch(500, [60], 64), CAPTION_MS)).toBe('Flowing, in the middle, moderate, one voice.');
  expect(caption(stretch(300, [72, 76, 79], 100), CAPTION_MS)).toBe('Dense, high, loud, three voices.');
  expect(caption([], CAPTION_MS)).toBe('Silence.');
});

test('the words stay for twenty seconds, whatever is played meanwhile', () => {
  const notes = [...stretch(500, [60], 64), ...stretch(100, [90], 120, CAPTION_MS)];
  const first = caption(notes, CAPTION_MS);
  expect(caption(notes, 2 * CAPTION_MS - 1)).toBe(first);
  expect(caption(notes, 2 * CAPTION_MS)).not.toBe(first);
});
