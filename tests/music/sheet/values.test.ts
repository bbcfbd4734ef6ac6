import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { valuesOf } from '../../../src/music/sheet/values.ts';

const text = (from: number, to: number, ternary: number[] = []): string =>
  valuesOf(from, to, new Set(ternary))
    .map(({ type, dots, triplet }) => `${triplet ? '3:' : ''}${type}${'.'.repeat(dots)}`)
    .join(' ');

describe('values of notation', () => {
  test('are as few as keep the beats in sight', () => {
    expect(text(0, 96)).toBe('whole');
    expect(text(0, 72)).toBe('half.');
    expect(text(12, 36)).toBe('quarter');
    expect(text(12, 96)).toBe('quarter. half');
    expect(text(6, 24)).toBe('eighth.');
    expect(text(3, 24)).toBe('16th. eighth');
  });

  test('of a quarter in three are thirds of it', () => {
    expect(text(0, 8, [0])).toBe('3:eighth');
    expect(text(8, 24, [0])).toBe('3:quarter');
    expect(text(0, 24, [0])).toBe('quarter');
    expect(text(16, 48, [0])).toBe('3:eighth quarter');
    expect(text(12, 24, [0])).toBe('3:eighth 3:16th');
  });

  test('add up, whatever begins and ends on a grid', () => {
    const cases = fc.property(fc.integer({ min: 0, max: 31 }), fc.integer({ min: 0, max: 31 }), (a, b) => {
      const [from, to] = [3 * Math.min(a, b), 3 * Math.max(a, b)];
      const values = valuesOf(from, to, new Set());
      expect(values.reduce((sum, { length }) => sum + length, 0)).toBe(to - from);
      expect(values.every(({ triplet }) => !triplet)).toBe(true);
    });
    fc.assert(cases);
  });

  test('there is none for what lies beside the grids', () => {
    expect(() => valuesOf(1, 24, new Set())).toThrow(RangeError);
  });
});
