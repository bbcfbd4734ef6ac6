/** When music may begin whose rest is still being composed. */
import { expect, test } from '@jest/globals';
import { keepsUp } from '../../../src/cli/commands/start/keeps-up.ts';

/** A prelude of 63 s with its silence, of which four chunks of 15 s go out; then two movements of two minutes. */
const AHEAD = { knownMs: 63_000, comingMs: [183_000, 303_000] };

test.each([
  ['120 s in 29 s, twice over 58', 63_000, 15_300, true],
  ['120 s in 31 s, twice over 62: there are 61', 63_000, 16_300, false],
  ['60 s in 30 s, half of the movement being written', 123_000, 61_000, true],
  ['60 s in 32 s', 123_000, 65_000, false],
])('it begins where twice the time of what is to come is in hand: %s', (_, composedMs, tookMs, begins) => {
  expect(keepsUp(AHEAD, { composedMs, tookMs }, 3_000)).toBe(begins);
});

test('a later movement that is long is reckoned with as well as the next; where nothing is to come, it begins', () => {
  const soFar = { composedMs: 63_000, tookMs: 15_300 };
  expect(keepsUp({ ...AHEAD, comingMs: [183_000, 470_000] }, soFar, 3_000)).toBe(false);
  expect(keepsUp({ ...AHEAD, comingMs: [] }, soFar, 3_000)).toBe(true);
});
