import { expect, test } from '@jest/globals';
import { inTurn } from '../src/in-turn.ts';

test('what comes second begins when the first has ended, also where that failed, and each has its own outcome', async () => {
  const oneByOne = inTurn();
  const seen: string[] = [];
  const piece = (name: string, outcome: () => string) =>
    oneByOne(async () => {
      seen.push(`${name} begins`);
      await new Promise(setImmediate);
      seen.push(`${name} ends`);
      return outcome();
    });
  const fails = piece('first', () => {
    throw new Error('the first fails');
  });
  const works = piece('second', () => 'done');
  await expect(fails).rejects.toThrow('the first fails');
  expect(await works).toBe('done');
  expect(seen).toEqual(['first begins', 'first ends', 'second begins', 'second ends']);
});
