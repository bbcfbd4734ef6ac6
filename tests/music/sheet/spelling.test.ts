import { expect, test } from '@jest/globals';
import { fifthsOf, signed, spell } from '../../../src/music/sheet/spelling.ts';

const NAMES: Record<number, string> = { [-2]: 'bb', [-1]: 'b', 0: '', 1: '#', 2: '##' };
const text = (pitch: number, tonic: number, major: boolean): string => {
  const { step, alter, octave } = spell(pitch, { tonic, major });
  return `${step}${NAMES[alter]}${octave}`;
};

test('a chromatic scale is spelled by its key', () => {
  const scale = (tonic: number, major: boolean) =>
    Array.from({ length: 12 }, (_, i) => text(60 + i, tonic, major)).join(' ');
  expect(scale(0, true)).toBe('C4 C#4 D4 Eb4 E4 F4 F#4 G4 G#4 A4 Bb4 B4');
  // F minor has four flats; its leading note is E natural.
  expect(scale(5, false)).toBe('C4 Db4 D4 Eb4 E4 F4 Gb4 G4 Ab4 A4 Bb4 Cb5');
  // B major has five sharps.
  expect(scale(11, true)).toBe('B#3 C#4 D4 D#4 E4 E#4 F#4 F##4 G#4 A4 A#4 B4');
});

test('keys have the signatures that everybody knows', () => {
  const fifths = [0, 7, 2, 9, 4, 11, 6, 5, 10, 3, 8, 1].map((tonic) => fifthsOf({ tonic, major: true }));
  expect(fifths).toEqual([0, 1, 2, 3, 4, 5, 6, -1, -2, -3, -4, -5]);
  expect(fifthsOf({ tonic: 9, major: false })).toBe(0);
  expect(fifthsOf({ tonic: 0, major: false })).toBe(-3);
});

test('a signature of sharps raises F first, one of flats lowers B first', () => {
  expect(['F', 'C', 'G'].map((step) => signed(step, 2))).toEqual([1, 1, 0]);
  expect(['B', 'E', 'A'].map((step) => signed(step, -2))).toEqual([-1, -1, 0]);
});
