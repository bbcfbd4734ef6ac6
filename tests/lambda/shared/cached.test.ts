import { expect, test } from '@jest/globals';
import { memoryBroadcasts } from '../../../src/adapters/memory/memory.ts';
import { cachedBroadcasts, remembered } from '../../../src/lambda/shared/cached.ts';

test('what plays now is asked for once a second, whoever asks', async () => {
  let now = 0;
  let asked = 0;
  const current = remembered(1_000, { now: () => now }, async () => ++asked);
  expect(await Promise.all([current(), current(), current()])).toEqual([1, 1, 1]);
  now = 999;
  expect(await current()).toBe(1);
  now = 1_000;
  expect(await current()).toBe(2);
});

test('an answer may say itself how long it is good for, and who asks meanwhile waits for the one under way', async () => {
  let now = 0;
  let asked = 0;
  const count = remembered(
    (listeners: number) => 10 * listeners,
    { now: () => now },
    async () => 100 * ++asked,
  );
  expect(await Promise.all([count(), count()])).toEqual([100, 100]);
  now = 999;
  expect(await count()).toBe(100);
  now = 1_000;
  expect(await count()).toBe(200);
  now = 2_999;
  expect(await count()).toBe(200);
  now = 3_000;
  expect(await count()).toBe(300);
});

test('a question that failed is asked again', async () => {
  let asked = 0;
  const flaky = remembered(60_000, { now: () => 0 }, async () => {
    if (++asked === 1) throw new Error('throttled');
    return 'answer';
  });
  await expect(flaky()).rejects.toThrow('throttled');
  expect(await flaky()).toBe('answer');
});

test('a lease that is known to run is not looked up, and one that ran out is', async () => {
  let now = 1_000;
  let looks = 0;
  const broadcasts = memoryBroadcasts();
  await broadcasts.schedule({ id: 'b', startsAt: 0, wanted: '2026-11-21', next: null });
  await broadcasts.acquire('b', 'one', now, 16_000);
  const leaseUntil = (id: string) => {
    looks++;
    return broadcasts.leaseUntil(id);
  };
  const cached = cachedBroadcasts({ ...broadcasts, leaseUntil }, { now: () => now });
  expect([await cached.leaseUntil('b'), await cached.leaseUntil('b'), looks]).toEqual([16_000, 16_000, 1]);
  now = 16_000;
  // Dead: nobody renewed it. A listener must find that out at once.
  expect([await cached.leaseUntil('b'), looks]).toEqual([16_000, 2]);
  // Once a second, however many ask; then whoever took over is seen.
  await broadcasts.acquire('b', 'two', now, 31_000);
  now = 16_999;
  expect([await cached.leaseUntil('b'), looks]).toEqual([16_000, 2]);
  now = 17_000;
  expect([await cached.leaseUntil('b'), looks]).toEqual([31_000, 3]);
});
