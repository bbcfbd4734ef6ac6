import { expect, test } from '@jest/globals';
import { pathOperators } from '../../src/engraving/svg-path.ts';

test('lines and curves, absolute and relative, become operators', () => {
  expect(pathOperators('M10 20L30,40h5v-5z')).toBe('10 20 m 30 40 l 35 40 l 35 35 l h');
  expect(pathOperators('m1 1 2 2c1 0 2 1 2 2')).toBe('1 1 m 3 3 l 4 3 5 4 5 5 c');
  // The first handle mirrors the last one; after z the pen is back at the beginning.
  expect(pathOperators('M0 0C0 1 2 3 4 4s2 2 4 0')).toBe('0 0 m 0 1 2 3 4 4 c 6 5 6 6 8 4 c');
  expect(pathOperators('M5 5l1 0zl0 1')).toBe('5 5 m 6 5 l h 5 6 l');
});

test('an arc, which music has not, is refused', () => {
  expect(() => pathOperators('M0 0a1 1 0 0 0 2 2')).toThrow('command a');
});
