import { expect, test } from '@jest/globals';
import { openingOf } from '../../src/compose/prompt.ts';
import { readGiven } from '../../src/continue/given.ts';
import { END_OF_TRACK, smf } from '../support/smf.ts';

/** Quarters in bars of nine. */
const LONG_BARS = smf({
  tracks: [
    [
      ...[0, 0xff, 0x58, 4, 9, 2, 24, 8],
      ...Array.from({ length: 18 }, () => [0, 0x90, 60, 64, 0x83, 0x60, 0x80, 60, 0]).flat(),
      ...END_OF_TRACK,
    ],
  ],
});

test('bars that are too long are refused in the same words, whether they are to be gone on from or opened with', () => {
  expect(readGiven(LONG_BARS, 'Waltz')).toEqual({
    outcome: 'refused',
    reason: 'no_bars',
    message: 'Waltz has bars of over eight quarters: give it in shorter ones',
  });
  expect(openingOf(LONG_BARS)).toEqual({
    problem: 'has bars of over eight quarters: give it in shorter ones',
  });
});
