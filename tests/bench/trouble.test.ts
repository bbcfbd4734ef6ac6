/** Trouble of some listeners does not reach the healthy: the evenings of `npm run bench -- trouble`, smaller ones. */
import { expect, test } from '@jest/globals';
import { type Crowd, compared } from '../../bench/trouble/compared.ts';

const CROWD: Crowd = {
  ...{ listeners: 600, postsPerSecond: 100, minutes: 3, seed: 3 },
  ...{ staleShare: 0.2, stalledShare: 0.01, refusedShare: 0.05 },
};
const GROWTH_PERCENT = 5;

test('with a fifth stale, some that never read and a twentieth of posts refused, who is healthy hears nothing later', async () => {
  const { met, growth, lost, well } = await compared(CROWD);
  expect(lost).toBe(0);
  // The rate is what limits.
  expect(well.p99).toBeGreaterThan(4_000);
  expect(growth).toBeLessThanOrEqual(GROWTH_PERCENT);
  // All of it has been met: each that is stale once, and no more.
  expect(met.gone).toBe(120);
  expect(met.refused).toBeGreaterThan(100);
  expect(met.stalled).toBeGreaterThan(30);
});

test('more that never read than there are places keep nobody else waiting', async () => {
  const { growth, lost, stalled } = await compared({
    ...CROWD,
    staleShare: 0,
    refusedShare: 0,
    stalledShare: 0.2,
  });
  expect(stalled).toBe(120);
  expect(lost).toBe(0);
  expect(growth).toBeLessThanOrEqual(GROWTH_PERCENT);
});
