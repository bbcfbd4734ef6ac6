import { expect, test } from '@jest/globals';
import { toMusic } from '../../src/music/note.ts';
import { WEAVE_COLUMNS, WEAVE_LENGTH, WEAVE_ROWS, weaveOf, weaveRuns } from '../../src/music/weave.ts';
import { note, scale } from '../support/music.ts';

/** A note in every column, each as long as it. */
const line = (pitch: number) =>
  Array.from({ length: WEAVE_COLUMNS }, (_, i) => note(i * 1_000, 1_000, pitch));

test('a line in one register is one run from end to end, high above low', () => {
  expect(weaveRuns(weaveOf(toMusic(line(95))))).toEqual([{ row: 0, column: 0, length: WEAVE_COLUMNS }]);
  expect(weaveRuns(weaveOf(toMusic(line(31))))).toEqual([
    { row: WEAVE_ROWS - 1, column: 0, length: WEAVE_COLUMNS },
  ]);
});

test('a rest is a gap, and the pitches beyond the rows lie in the outermost', () => {
  const notes = line(108).filter((_, i) => i < 10 || i >= 30);
  expect(weaveRuns(weaveOf(toMusic(notes)))).toEqual([
    { row: 0, column: 0, length: 10 },
    { row: 0, column: 30, length: 10 },
  ]);
});

test('a strip is a third punched at most a little over, whatever the music, and always as long', () => {
  for (const music of [scale(300_000, 50), scale(60_000), toMusic([note(0, 1)]), toMusic([])]) {
    const text = weaveOf(music);
    expect(text).toMatch(new RegExp(`^[\\w-]{${WEAVE_LENGTH}}$`));
    const punched = weaveRuns(text).reduce((sum, { length }) => sum + length, 0);
    expect(punched).toBeLessThanOrEqual(0.4 * WEAVE_COLUMNS * WEAVE_ROWS);
  }
});

test('the same music gives the same strip, other music another', () => {
  expect(weaveOf(scale(60_000))).toBe(weaveOf(scale(60_000)));
  expect(weaveOf(scale(60_000))).not.toBe(weaveOf(scale(60_000, 700)));
});

test('what is no strip has no holes', () => {
  for (const text of ['', 'x', '"'.repeat(WEAVE_LENGTH), `${weaveOf(scale(9_000))}A`]) {
    expect(weaveRuns(text)).toEqual([]);
  }
});
