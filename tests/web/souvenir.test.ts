import { expect, test } from '@jest/globals';
import { whereItIs } from '../../web/souvenir.ts';

test('a piece of the roll leads to its day from there on; of an extra, or of what was stopped, no page is published', () => {
  expect(whereItIs('2026-11-21', 'end', 65_900)).toBe('2026-11-21/#t=65');
  expect(whereItIs('2026-11-21', 'closing', 0)).toBe('2026-11-21/#t=0');
  expect(whereItIs('2026-11-21-extra', 'end', 65_900)).toBe('');
  expect(whereItIs('2026-11-21', 'stopped', 65_900)).toBe('');
});
