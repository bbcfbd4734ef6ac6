import { ApiGatewayManagementApiClient } from '@aws-sdk/client-apigatewaymanagementapi';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { gatewayHangUp, gatewayPost } from '../../../src/adapters/aws/api-gateway.ts';
import { tokenBucket } from '../../../src/adapters/aws/token-bucket.ts';
import { systemClock } from '../../../src/adapters/system-clock.ts';
import type { Clock } from '../../../src/ports.ts';
import { postContract } from '../../contracts/post.ts';
import { type FakeGateway, fakeGateway } from '../../fakes/gateway.ts';
import { fakeClient } from '../../fakes/http.ts';
import { fakeClock } from '../../support/fake-clock.ts';

const open = async (clock: Clock) => {
  const gateway = await fakeGateway('prod');
  const client = new ApiGatewayManagementApiClient({
    ...fakeClient(`${gateway.endpoint}/prod`),
    maxAttempts: 1,
  });
  const bucket = tokenBucket(1_000, clock);
  return { gateway, client, bucket, post: gatewayPost({ client, bucket, clock }) };
};

postContract('API Gateway', async () => {
  const { gateway, client, post } = await open(systemClock);
  return {
    post,
    async connect(id) {
      gateway.received.set(id, []);
    },
    async leave(id) {
      gateway.received.delete(id);
    },
    received: async (id) => gateway.received.get(id) ?? [],
    async close() {
      client.destroy();
      await gateway.close();
    },
  };
});

describe('posting to API Gateway', () => {
  /** Sleeping costs nothing, and is written down. */
  let slept: number[];
  let now: number;
  const clock: Clock = {
    now: () => now,
    async sleepUntil(instant) {
      slept.push(instant - now);
      now = Math.max(now, instant);
    },
  };
  let gateway: FakeGateway;
  let opened: Awaited<ReturnType<typeof open>>;
  beforeEach(async () => {
    [slept, now] = [[], 0];
    opened = await open(clock);
    gateway = opened.gateway;
    gateway.received.set('a', []);
  });
  afterEach(async () => {
    opened.client.destroy();
    await gateway.close();
  });

  test('a refusal slows this connection, and is no loss', async () => {
    gateway.failNext('a', 429);
    expect(await opened.post('a', 'frame')).toBe('sent');
    expect(slept).toEqual([100]);
    expect(gateway.received.get('a')).toEqual(['frame']);
    expect(opened.bucket.rate()).toBe(1_000);
  });

  test('refusals that go on slow everybody, and give this connection up', async () => {
    gateway.failNext('a', 429, 5);
    expect(await opened.post('a', 'frame')).toBe('slow');
    expect(gateway.posts()).toBe(3);
    expect(opened.bucket.rate()).toBeLessThan(1_000);
  });

  test('a fault of the gateway is tried once more, then thrown', async () => {
    gateway.failNext('a', 500);
    expect(await opened.post('a', 'frame')).toBe('sent');
    gateway.failNext('a', 500, 2);
    await expect(opened.post('a', 'frame')).rejects.toThrow(/could not be posted/);
    expect(gateway.posts()).toBe(4);
  });

  test('a message over 128 KB is our own fault, thrown at once', async () => {
    await expect(opened.post('a', 'x'.repeat(128 * 1024 + 1))).rejects.toThrow(/could not be posted/);
    expect(gateway.posts()).toBe(1);
  });

  test('the SDK does not try by itself: a 410 costs one request', async () => {
    expect(await opened.post('left', 'frame')).toBe('gone');
    expect(gateway.posts()).toBe(1);
  });

  test('hanging up ends the connection, and one that left already is no fault', async () => {
    const hangUp = gatewayHangUp(opened.client);
    await hangUp('a');
    expect(gateway.received.has('a')).toBe(false);
    await hangUp('a');
  });
});

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
