/** Twenty seconds of what `npm run soak:load` does for half an hour. */
import { expect, test } from '@jest/globals';
import { soakEvening } from '../../bench/soak/evening.ts';
import { slope } from '../../bench/soak/slope.ts';

test('a station on the air outlives a crowd that comes and goes, and lets all of it go', async () => {
  const { alive, faults, joined, failed, downloadsBroken, descriptors } = await soakEvening(20, 60, 1);
  expect({ alive, faults, failed }).toEqual({ alive: true, faults: [], failed: 0 });
  expect(joined).toBeGreaterThanOrEqual(60);
  expect(downloadsBroken).toBeGreaterThan(10);
  // Where the system tells, all of them were there at once.
  if (descriptors.peak > 0) expect(descriptors.peak).toBeGreaterThan(descriptors.before + 40);
  expect(descriptors.after).toBeLessThanOrEqual(descriptors.before + 5);
}, 120_000);

test('a slope is the rise from one sample to the next', () => {
  expect([slope([1, 3, 5, 7]), slope([4, 4, 4]), slope([9]), slope([5, 1])]).toEqual([2, 0, 0, -4]);
});
