import { expect, test } from '@jest/globals';
import { tokenBucket } from '../../../src/adapters/aws/token-bucket.ts';
import { fakeClock } from '../../support/fake-clock.ts';

test('the bucket spreads posts over time and recovers after it was slowed', async () => {
  const clock = fakeClock();
  const bucket = tokenBucket(100, clock);
  const takeAll = async (n: number) => {
    const from = clock.now();
    await clock.runUntil(Promise.all(Array.from({ length: n }, () => bucket.take())));
    return clock.now() - from;
  };
  // Ten may go at once; the other hundred take a second.
  expect(await takeAll(110)).toBeCloseTo(1_000, -1);
  bucket.slowDown();
  bucket.slowDown();
  expect(bucket.rate()).toBe(50);
  expect(await takeAll(100)).toBeGreaterThan(1_900);
  await clock.runTo(clock.now() + 120_000);
  await bucket.take();
  expect(bucket.rate()).toBe(100);
});

test('who shares the rate with others takes its part of it, and stays slowed down', async () => {
  const clock = fakeClock();
  const bucket = tokenBucket(1_000, clock);
  bucket.share(1 / 4);
  expect(bucket.rate()).toBe(250);
  const from = clock.now();
  await clock.runUntil(Promise.all(Array.from({ length: 275 }, () => bucket.take())));
  // 25 at once, the rest in a second.
  expect(clock.now() - from).toBeCloseTo(1_000, -1);
  bucket.slowDown();
  bucket.share(1 / 2);
  expect(bucket.rate()).toBe(250);
  await clock.runTo(clock.now() + 120_000);
  await bucket.take();
  expect(bucket.rate()).toBe(500);
});
