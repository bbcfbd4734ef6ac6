import { expect, test } from '@jest/globals';
import { briefly } from '../../src/local/briefly.ts';

test('a crowd that asks the same within a tenth of a second is answered once', async () => {
  let now = 1_000;
  const asked: string[] = [];
  const ask = briefly({ now: () => now }, async (what: string) => asked.push(what));
  expect([await ask('a'), await ask('a'), await ask('b'), await ask('a')]).toEqual([1, 1, 2, 3]);
  now += 99;
  expect(await ask('a')).toBe(3);
  now += 1;
  expect(await ask('a')).toBe(4);
  now -= 10;
  expect(await ask('a')).toBe(5);
});

test('a question that failed is asked again', async () => {
  let fails = true;
  const ask = briefly({ now: () => 0 }, async (_: string) => {
    if (fails) throw new Error('no');
    return 'yes';
  });
  await expect(ask('a')).rejects.toThrow('no');
  fails = false;
  expect(await ask('a')).toBe('yes');
});
