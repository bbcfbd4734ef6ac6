import { expect, test } from '@jest/globals';
import type { ComposedMovement } from '../../src/compose/movement.ts';
import { sectionsOf } from '../../src/compose/sections.ts';

type Phrase = ComposedMovement['phrases'][number];

/** Phrases of four bars. @param known what each shares with the training; "told" where nobody judged it */
const phrases = (parts: string, known: readonly (number | null | 'told')[]): Phrase[] =>
  [...parts].map((section, i) => {
    const knownRun = known[i]!;
    const key = { tonic: 0, major: true };
    const judgement = { score: 0, cadence: 'half', likeness: null, inKey: 1, nats: 2 } as const;
    return {
      ...{ bars: 4, key, cadence: 'half', recalls: 0, fullness: 1, section, firstBar: 4 * i },
      judgement: knownRun === 'told' ? null : { ...judgement, knownRun },
    };
  });

test('a part of the form is its phrases in a row, and what it quotes is their longest run', () => {
  expect(sectionsOf(phrases('AABB', [3, 7, 0, 5]))).toEqual([
    { name: 'A', bar: 0, knownRun: 7 },
    { name: 'B', bar: 8, knownRun: 5 },
  ]);
});

test('a part that comes again does not answer for what it quoted before', () => {
  expect(sectionsOf(phrases('ABA', [12, 2, 4]))).toEqual([
    { name: 'A', bar: 0, knownRun: 12 },
    { name: 'B', bar: 4, knownRun: 2 },
    { name: 'A', bar: 8, knownRun: 4 },
  ]);
});

test('of a part that was given, or that nobody held against the training, it is not known what it quotes', () => {
  expect(sectionsOf(phrases('AABC', ['told', 'told', null, 0])).map(({ knownRun }) => knownRun)).toEqual([
    null,
    null,
    0,
  ]);
  expect(sectionsOf(phrases('AA', ['told', 6]))).toEqual([{ name: 'A', bar: 0, knownRun: 6 }]);
});
