import { expect, test } from '@jest/globals';
import { messageOf } from '../src/errors.ts';
import {
  countText,
  dateText,
  dollarsText,
  heardText,
  isExtra,
  minutesText,
  monthText,
  ownTitle,
  weekdayText,
} from '../src/words.ts';

test('elapsed time counts whole seconds, dates are spelt out', () => {
  expect([83_999, 84_000, 3_600_000, 0, -1].map(minutesText)).toEqual([
    '1:23',
    '1:24',
    '60:00',
    '0:00',
    '0:00',
  ]);
  expect(dateText('2026-11-21')).toBe('21 November 2026');
  expect(dateText('replay')).toBe('replay');
  expect(['2026-11-21-extra', '2026-11-21-extra-2'].map(dateText)).toEqual(
    Array(2).fill('an extra of 21 November 2026'),
  );
  expect(['2026-11-21', '2026-11-21-extra', '2026-11-21-extra-2', 'extra'].map(isExtra)).toEqual([
    ...[false, true, true, false],
  ]);
  expect(weekdayText('2026-11-21')).toBe('Saturday');
  expect(monthText('2026-11')).toBe('November');
});

test('counts and costs are written for people, and nobody is told of what nobody knows', () => {
  expect(countText(1_234)).toBe('1,234');
  expect([null, 0, 1_234].map(heardText)).toEqual(['', 'heard by nobody', 'heard by 1,234']);
  expect([0.0123, 0.0949, 0.095, 1.5].map(dollarsText)).toEqual([
    'about $0.012',
    'about $0.095',
    'about $0.10',
    'about $1.50',
  ]);
});

test('a title that only says the date again is none', () => {
  const title = (text: string) => ownTitle({ id: '2026-11-21', title: text });
  expect(['2026-11-21', 'Pianola 2026-11-21', 'Suite'].map(title)).toEqual(['', '', 'Suite']);
});

test('what was thrown, an Error or not, is told in its own words', () => {
  expect([new Error('no'), 'no', 3].map(messageOf)).toEqual(['no', 'no', '3']);
});
