import { expect, test } from '@jest/globals';
import { tokensUntil } from '../../src/compose/budget.ts';
import type { Sampler } from '../../src/compose/sampler.ts';

test('the speed is that of one passage alone, eight tenths of it trusted, from when it was measured on', async () => {
  let now = 5_000;
  let passages = 0;
  const sampler: Sampler = {
    sha256: '',
    async sample() {
      passages++;
      now += 200;
      return { notes: [], tokens: 160, ended: false, nats: [] };
    },
  };
  expect(await tokensUntil(15_200, sampler, { now: () => now })).toBe(0.8 * 10_000 * 0.8);
  expect(passages).toBe(1);
  expect(await tokensUntil(5_000, sampler, { now: () => now })).toBe(0);
});
