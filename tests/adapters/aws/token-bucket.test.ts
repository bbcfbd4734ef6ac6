import { expect, test } from '@jest/globals';
import { type TokenBucket, tokenBucket } from '../../../src/adapters/aws/token-bucket.ts';
import { fakeClock } from '../../support/fake-clock.ts';

const answerAll = (bucket: TokenBucket, answers: number, refused: number) => {
  for (let i = 0; i < answers; i++) bucket.answered(i < refused);
};

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
  answerAll(bucket, 100, 50);
  expect(bucket.rate()).toBe(50);
  // Five at once, the rest at fifty a second, and a hundredth more with each second.
  expect(await takeAll(100)).toBeCloseTo(1_865, -1);
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
  answerAll(bucket, 100, 50);
  bucket.share(1 / 2);
  expect(bucket.rate()).toBe(250);
  await clock.runTo(clock.now() + 120_000);
  await bucket.take();
  expect(bucket.rate()).toBe(500);
});

test('a tenth of all may be refused; where it is more, the rate falls to what was let through, once a second', async () => {
  const clock = fakeClock();
  const bucket = tokenBucket(1_000, clock);
  await clock.runTo(1_000);
  answerAll(bucket, 100, 10);
  expect(bucket.rate()).toBe(1_000);
  await clock.runTo(1_999);
  answerAll(bucket, 150, 30);
  // Too early to be judged.
  expect(bucket.rate()).toBe(1_000);
  await clock.runTo(2_000);
  answerAll(bucket, 50, 10);
  // The first of these comes when the second is over: 31 of 151 were refused.
  expect(bucket.rate()).toBeCloseTo(1_000 * (120 / 151));
  for (let second = 3; second < 20; second++) {
    await clock.runTo(second * 1_000);
    answerAll(bucket, 100, 100);
  }
  expect(bucket.rate()).toBe(50);
});

test('fewer than a hundred answers say nothing about the rate', async () => {
  const clock = fakeClock();
  const bucket = tokenBucket(1_000, clock);
  await clock.runTo(60_000);
  answerAll(bucket, 99, 99);
  expect(bucket.rate()).toBe(1_000);
  answerAll(bucket, 1, 0);
  expect(bucket.rate()).toBe(50);
});

test('what was refused has cost nothing: its token is given back', async () => {
  const clock = fakeClock();
  const bucket = tokenBucket(10, clock);
  await bucket.take();
  bucket.answered(true);
  const from = clock.now();
  await clock.runUntil(Promise.resolve(bucket.take()));
  expect(clock.now()).toBe(from);
  bucket.answered(false);
  await clock.runUntil(Promise.resolve(bucket.take()));
  expect(clock.now()).toBe(from + 100);
});
