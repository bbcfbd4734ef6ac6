import { expect, test } from '@jest/globals';
import { gainOf, levelDb } from '../../src/music/loudness.ts';
import { toMusic } from '../../src/music/note.ts';
import { note } from '../support/music.ts';

const music = (velocity: number, velocities = (_: number) => velocity) =>
  toMusic(Array.from({ length: 200 }, (_, i) => note(i * 250, 400, 48 + (i % 12), velocities(i))));

test('a performance of louder notes is brought down by as much as they are louder', () => {
  const louder = 20 * Math.log10(gainOf(70) / gainOf(60));
  expect(levelDb(music(60)) - levelDb(music(70))).toBeCloseTo(louder, 0);
  expect(levelDb(music(60))).toBeCloseTo(levelDb(music(60)), 9);
});

test('soft passages do not make the loud ones louder: what is 10 dB softer does not count', () => {
  const withSoft = music(70, (i) => (i < 100 ? 20 : 70));
  expect(Math.abs(levelDb(withSoft) - levelDb(music(70)))).toBeLessThan(0.5);
});

test('it stays within 9 dB, and is none where nothing sounds', () => {
  expect(levelDb(music(1))).toBe(9);
  expect(levelDb(music(127))).toBe(-9);
  expect(levelDb(toMusic([]))).toBe(0);
});
