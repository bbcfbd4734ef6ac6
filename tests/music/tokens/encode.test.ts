import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  type Bar,
  barLength,
  inOrder,
  type Metre,
  PARTS,
  type Score,
} from '../../../src/music/score/score.ts';
import { decodeNotes, encodeScore, noteTriple, phraseMark } from '../../../src/music/tokens/encode.ts';
import {
  BARS_LEFT,
  CADENCE,
  DENSITY,
  EMPTY_BAR,
  END,
  HERE,
  KEY,
  LENGTH,
  LENGTHS,
  METRE,
  NEXT,
  NO_LENGTH,
  NO_PITCH,
  PHRASE,
  PITCH,
  RECALLS,
} from '../../../src/music/tokens/vocabulary.ts';

const WALTZ: Metre = { beats: 3, unit: 4 };
const bars = (count: number, metre = WALTZ): Bar[] =>
  Array.from({ length: count }, (_, i) => ({ start: i * barLength(metre), length: barLength(metre), metre }));
const startOf = (score: Score) => (index: number) => score.bars[index]!;

describe('tokens of a score', () => {
  test('are phrase, metre, notes by bar, and the end', () => {
    const score: Score = {
      bars: bars(3),
      notes: [
        { onset: 0, length: 24, pitch: 48, part: 'left' },
        { onset: 0, length: 72, pitch: 72, part: 'right' },
        { onset: 24, length: 24, pitch: 55, part: 'left' },
        { onset: 144, length: 72, pitch: 72, part: 'voice' },
      ],
    };
    // One phrase of three bars in C major, four notes over nine quarters, ending the piece.
    expect(encodeScore(score)).toEqual([
      ...[PHRASE + 2, KEY + 0, RECALLS + 0, BARS_LEFT + 4, CADENCE + 3, DENSITY + 0],
      ...[METRE + 1, NO_PITCH, NO_LENGTH],
      ...[NEXT + 0, PITCH + 27, LENGTH + 24 + LENGTHS.indexOf(24)],
      ...[HERE + 0, PITCH + 51, LENGTH + LENGTHS.indexOf(72)],
      ...[HERE + 24, PITCH + 34, LENGTH + 24 + LENGTHS.indexOf(24)],
      ...[EMPTY_BAR, NO_PITCH, NO_LENGTH],
      ...[NEXT + 0, PITCH + 51, LENGTH + 48 + LENGTHS.indexOf(72)],
      END,
    ]);
  });

  test('give back every score on the grid of notation', () => {
    const note = fc.record({
      onset: fc.integer({ min: 0, max: 12 * 72 - 1 }),
      length: fc.constantFrom(...LENGTHS),
      pitch: fc.integer({ min: 21, max: 108 }),
      part: fc.constantFrom(...PARTS),
    });
    fc.assert(
      fc.property(fc.array(note, { minLength: 1, maxLength: 80 }), (loose) => {
        const notes = inOrder(loose).filter(({ length }) => (LENGTHS as readonly number[]).includes(length));
        const score = { bars: bars(12), notes };
        expect(decodeNotes(encodeScore(score), startOf(score))).toEqual(notes);
      }),
    );
  });

  test('tell of a phrase how long it is, its key, what it recalls, how it ends', () => {
    const phrase = { bars: 4, key: { tonic: 9, major: false }, cadence: 'half', recalls: 2 } as const;
    expect(phraseMark(phrase, 24, 3)).toEqual([
      PHRASE + 3,
      KEY + 21,
      RECALLS + 2,
      BARS_LEFT + 2,
      CADENCE + 1,
      DENSITY + 3,
    ]);
  });

  test('take the length of notation that is nearest by ratio', () => {
    expect(noteTriple(HERE, { length: 23, pitch: 60, part: 'right' })[2]).toBe(LENGTH + LENGTHS.indexOf(24));
    expect(noteTriple(HERE, { length: 500, pitch: 60, part: 'right' })[2]).toBe(
      LENGTH + LENGTHS.indexOf(192),
    );
  });
});
