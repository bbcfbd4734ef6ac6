import { expect, test } from '@jest/globals';
import { TRAITS, traitsOf } from '../../../src/music/taste/traits.ts';
import { note, scale } from '../../support/music.ts';

const trait = (notes: Parameters<typeof traitsOf>[0], name: (typeof TRAITS)[number]) =>
  traitsOf(notes)[TRAITS.indexOf(name)]!;

test('there is one finite value a trait, for the plainest music as well', () => {
  for (const notes of [scale(30_000).notes, Array.from({ length: 24 }, (_, i) => note(i * 10, 1))]) {
    const values = traitsOf(notes);
    expect(values).toHaveLength(TRAITS.length);
    expect(values.every(Number.isFinite)).toBe(true);
  }
});

test('pace, loudness and register are not among them: what is asked for tells nothing', () => {
  const plain = traitsOf(scale(30_000).notes);
  const twiceAsFast = traitsOf(
    scale(30_000).notes.map((n) => ({ ...n, onsetMs: n.onsetMs / 2, durationMs: n.durationMs / 2 })),
  );
  const higher = traitsOf(scale(30_000).notes.map((n) => ({ ...n, pitch: n.pitch + 12 })));
  plain.forEach((value, i) => {
    expect(twiceAsFast[i]).toBeCloseTo(value, 9);
    expect(higher[i]).toBeCloseTo(value, 9);
  });
});

test('chords, their consonance, steps and repeated notes are counted', () => {
  // A third, then a single note a step higher than its top, over and over: 20 thirds and 20 notes.
  const notes = Array.from({ length: 20 }, (_, i) => [
    note(i * 1000, 400, 60),
    note(i * 1000, 400, 64),
    note(i * 1000 + 500, 400, 66),
  ]).flat();
  expect(trait(notes, 'chordShare')).toBe(0.5);
  expect(trait(notes, 'chordSize')).toBe(1.5);
  expect(trait(notes, 'consonance')).toBe(1);
  expect(trait(notes, 'topStepShare')).toBe(1);
  expect(trait(notes, 'topRepeatShare')).toBe(0);
  expect(trait(notes, 'topTurns')).toBe(1);
  expect(trait(notes, 'gapRegularity')).toBe(1);
  const harsh = notes.map((n) => (n.pitch === 64 ? { ...n, pitch: 61 } : n));
  expect(trait(harsh, 'consonance')).toBe(0);
});
