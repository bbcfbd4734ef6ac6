import { expect, test } from '@jest/globals';
import { CAPTION_MS, caption } from '../../../web/score/captions.ts';
import { note } from '../../support/music.ts';

/** One stretch of music: `every` ms a chord of these keys. */
const stretch = (everyMs: number, pitches: readonly number[], velocity: number, from = 0) =>
  Array.from({ length: CAPTION_MS / everyMs }, (_, i) =>
    pitches.map((pitch) => note(from + i * everyMs, everyMs, pitch, velocity)),
  ).flat();

const whole = () => true;

test('nothing is said before the music, nor of a stretch of which a part is not in hand', () => {
  const notes = stretch(500, [60], 64);
  expect(caption(notes, -1, whole)).toBeNull();
  const asked: [number, number][] = [];
  const late = (fromMs: number, toMs: number) => {
    asked.push([fromMs, toMs]);
    return fromMs >= CAPTION_MS;
  };
  expect(caption(notes, 8_000, late)).toBeNull();
  expect(caption(notes, CAPTION_MS, late)).toBe('Silence.');
  expect(asked).toEqual([
    [0, CAPTION_MS],
    [CAPTION_MS, 2 * CAPTION_MS],
  ]);
});

test('pace, register, loudness and voices, in words', () => {
  expect(caption(stretch(2_000, [36, 43], 30), 0, whole)).toBe('Sparse, low, soft, two voices.');
  expect(caption(stretch(500, [60], 64), 0, whole)).toBe('Flowing, in the middle, moderate, one voice.');
  expect(caption(stretch(300, [72, 76, 79], 100), 0, whole)).toBe('Dense, high, loud, three voices.');
  expect(caption([], 0, whole)).toBe('Silence.');
});

test('the words stay for twenty seconds, whatever is played meanwhile', () => {
  const notes = [...stretch(500, [60], 64), ...stretch(100, [90], 120, CAPTION_MS)];
  const first = caption(notes, 0, whole);
  expect(caption(notes, CAPTION_MS - 1, whole)).toBe(first);
  expect(caption(notes, CAPTION_MS, whole)).not.toBe(first);
});
