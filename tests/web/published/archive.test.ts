import { expect, test } from '@jest/globals';
import { daysOf, dayText, titleText } from '../../../web/published/archive.ts';

const DAY = { id: '2026-11-21', title: 'Rain', durationMs: 300_000, notes: 1_234 };

test('the index is read as it is published', () => {
  expect(daysOf({ schema: 1, performances: [DAY] })).toEqual([DAY]);
  expect(dayText(DAY)).toBe('5:00, 1,234 notes');
  expect(dayText({ ...DAY, heard: 14 })).toBe('5:00, 1,234 notes, heard by 14');
  expect(dayText({ ...DAY, heard: 0 })).toBe('5:00, 1,234 notes, heard by nobody');
  expect(dayText({ ...DAY, heard: null })).toBe('5:00, 1,234 notes');
});

test('what is no day is left out: no link leads elsewhere', () => {
  const wrong = [{ ...DAY, id: '//evil.example' }, { ...DAY, id: '../x' }, { ...DAY, notes: 'x' }, null, 3];
  expect(daysOf({ performances: wrong })).toEqual([]);
  for (const index of [null, 3, {}, { performances: 'x' }]) expect(daysOf(index)).toEqual([]);
});

test('a title that only repeats the date is not printed twice', () => {
  expect(titleText(DAY)).toBe('Rain');
  expect(titleText({ ...DAY, title: DAY.id })).toBe('');
  expect(titleText({ ...DAY, title: `Pianola ${DAY.id}` })).toBe('');
});
