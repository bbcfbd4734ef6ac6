import { expect, test } from '@jest/globals';
import { toldOf } from '../../../web/page/margin.ts';

test('each answer to a press is told in words of its own', () => {
  const told = (outcome: Parameters<typeof toldOf>[0]['outcome'], holes: number | null = null) =>
    toldOf({ outcome, holes });
  expect(told('punched', 1)).toBe('The first hole in this margin is yours.');
  expect(told('punched', 12)).toBe('Yours is in: 12 holes in the margin.');
  expect(told('again', 1)).toBe('Yours is in already: one hole in the margin.');
  expect(told('full', 2_000)).toBe('The margin is full: 2000 holes.');
  const others = (['early', 'late', 'wait', 'unknown'] as const).map((outcome) => told(outcome));
  expect(new Set(others).size).toBe(4);
  for (const words of others) expect(words).not.toContain('null');
});
