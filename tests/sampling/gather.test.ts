import { setTimeout } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { gather } from '../../src/sampling/gather.ts';

/** Serves numbers by their tenfold, and notes who was served with whom. */
function tenfold(most: number) {
  const served: (readonly number[])[] = [];
  const ask = gather<number, number>(most, async (calls) => {
    served.push(calls);
    if (calls.includes(13)) throw new Error('thirteen');
    return calls.map((call) => 10 * call);
  });
  return { served, ask };
}

test('calls of one turn are served together, as many as there is room for, first come, first served', async () => {
  const { served, ask } = tenfold(2);
  expect(await Promise.all([1, 2, 3, 4, 5].map(ask))).toEqual([10, 20, 30, 40, 50]);
  expect(served).toEqual([[1, 2], [3, 4], [5]]);
  await setTimeout(5);
  expect(await ask(6)).toBe(60);
  expect(served.at(-1)).toEqual([6]);
});

test('those who ask again at once are served together again, whoever else comes and goes', async () => {
  const { served, ask } = tenfold(3);
  const line = async (first: number, count: number) => {
    for (let i = 0; i < count; i++) expect(await ask(first + i)).toBe(10 * (first + i));
  };
  await Promise.all([line(100, 3), line(200, 1), line(300, 2)]);
  expect(served).toEqual([[100, 200, 300], [101, 301], [102]]);
});

test('who has just been answered is served with those who still wait', async () => {
  const { served, ask } = tenfold(2);
  await Promise.all([ask(1).then(() => ask(4)), ask(2).then(() => ask(5)), ask(3)]);
  expect(served).toEqual([[1, 2], [3, 4], [5]]);
});

test('what goes wrong is told to all who were served together, and to nobody else', async () => {
  const { ask } = tenfold(2);
  const outcomes = await Promise.allSettled([1, 13, 3, 4].map(ask));
  expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'fulfilled', 'fulfilled']);
  expect(outcomes[0]).toMatchObject({ reason: new Error('thirteen') });
  expect(await ask(7)).toBe(70);
});
