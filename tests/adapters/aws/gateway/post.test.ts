/** Ours and the SDK's way to a gateway are held to the same, over TLS, by a gateway that verifies signatures itself. */

import { Agent } from 'node:https';
import { ApiGatewayManagementApiClient } from '@aws-sdk/client-apigatewaymanagementapi';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import {
  type Gateway,
  gatewayAttempt,
  gatewayHangUp,
  gatewayPost,
} from '../../../../src/adapters/aws/gateway/post.ts';
import { tokenBucket } from '../../../../src/adapters/aws/token-bucket.ts';
import { systemClock } from '../../../../src/adapters/system-clock.ts';
import type { Clock } from '../../../../src/ports.ts';
import { postContract } from '../../../contracts/post.ts';
import { type FakeGateway, fakeGateway } from '../../../fakes/gateway.ts';
import { loopbackTls } from '../../../fakes/loopback-tls.ts';
import { sdkGateway } from '../../../support/sdk-gateway.ts';
import { gatewayAt } from '../../../support/signed-gateway.ts';

const KEYS = { accessKeyId: 'AKID', secretAccessKey: 'sEcReT', sessionToken: 'a/token+of==a session' };
const WAYS: Record<string, (endpoint: string) => Gateway> = {
  'ours over HTTP/2': (endpoint) => gatewayAt(endpoint, { credentials: async () => KEYS }),
  'ours over HTTP/1.1': (endpoint) => gatewayAt(endpoint, { credentials: async () => KEYS }),
  "the SDK's": (endpoint) =>
    sdkGateway(
      new ApiGatewayManagementApiClient({
        ...{ endpoint, region: 'eu-central-1', credentials: KEYS, maxAttempts: 1 },
        requestHandler: { httpsAgent: new Agent({ ca: loopbackTls.ca, keepAlive: true }) },
      }),
    ),
};

const open = async (way: string, clock: Clock) => {
  const isH2 = way === 'ours over HTTP/2';
  const server = await fakeGateway('prod', isH2 ? 'h2' : true);
  server.trust(KEYS);
  const gateway = WAYS[way]!(`${server.endpoint}/prod`);
  const bucket = tokenBucket(1_000, clock);
  return { server, gateway, bucket, post: gatewayPost({ gateway, bucket, clock }) };
};

for (const way of Object.keys(WAYS)) {
  postContract(`API Gateway, ${way}`, async () => {
    const { server, gateway, post } = await open(way, systemClock);
    return {
      post,
      async connect(id) {
        server.received.set(id, []);
      },
      async leave(id) {
        server.received.delete(id);
      },
      received: async (id) => server.received.get(id) ?? [],
      async close() {
        expect(new Set(server.verdicts)).toEqual(new Set(['valid']));
        expect([...server.httpVersions]).toEqual([way === 'ours over HTTP/2' ? '2.0' : '1.1']);
        await gateway.close();
        await server.close();
      },
    };
  });
}

describe.each(Object.keys(WAYS))('posting to API Gateway, %s', (way) => {
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
  let server: FakeGateway;
  let opened: Awaited<ReturnType<typeof open>>;
  beforeEach(async () => {
    [slept, now] = [[], 0];
    opened = await open(way, clock);
    server = opened.server;
    server.received.set('a', []);
  });
  afterEach(async () => {
    await opened.gateway.close();
    await server.close();
  });

  test('a refusal slows this connection, and is no loss', async () => {
    server.failNext('a', 429);
    expect(await opened.post('a', 'frame')).toBe('sent');
    expect(slept).toEqual([100]);
    expect(server.received.get('a')).toEqual(['frame']);
    expect(opened.bucket.rate()).toBe(1_000);
  });

  test('refusals that go on give this connection up, and slow nobody else', async () => {
    server.failNext('a', 429, 5);
    expect(await opened.post('a', 'frame')).toBe('slow');
    expect(server.posts()).toBe(3);
    expect(opened.bucket.rate()).toBe(1_000);
  });

  test('to a crowd a refused frame is tried six times, and whoever posts may do something else meanwhile', async () => {
    const attempt = gatewayAttempt({ ...opened, clock });
    server.failNext('a', 429, 6);
    const outcomes = [];
    for (let refusals = 0; refusals < 6; refusals++) outcomes.push(await attempt('a', 'frame', refusals));
    expect(outcomes).toEqual([
      { againInMs: 100 },
      { againInMs: 400 },
      { againInMs: 1_600 },
      { againInMs: 3_200 },
      { againInMs: 6_400 },
      'slow',
    ]);
    expect(slept).toEqual([]);
  });

  test('where all are refused, all go slower', async () => {
    server.failNext('a', 429, 100);
    const attempt = gatewayAttempt({ ...opened, clock });
    for (let i = 0; i < 99; i++) await attempt('a', 'frame', 0);
    now += 1_000;
    expect(opened.bucket.rate()).toBe(1_000);
    await attempt('a', 'frame', 0);
    expect(opened.bucket.rate()).toBe(50);
  });

  test('a fault of the gateway is tried once more, then thrown', async () => {
    server.failNext('a', 500);
    expect(await opened.post('a', 'frame')).toBe('sent');
    server.failNext('a', 500, 2);
    await expect(opened.post('a', 'frame')).rejects.toThrow(/could not be posted/);
    expect(server.posts()).toBe(4);
  });

  test('a message over 128 KB is our own fault, thrown at once', async () => {
    await expect(opened.post('a', 'x'.repeat(128 * 1024 + 1))).rejects.toMatchObject({
      message: 'a frame could not be posted',
      cause: { message: expect.stringMatching(/^the gateway answered 413: .*PayloadTooLargeException/) },
    });
    expect(server.posts()).toBe(1);
  });

  test('nothing is tried behind our back: a 410 costs one request', async () => {
    expect(await opened.post('left', 'frame')).toBe('gone');
    expect(server.posts()).toBe(1);
  });

  test('hanging up ends the connection, and one that left already is no fault', async () => {
    const hangUp = gatewayHangUp(opened.gateway);
    await hangUp('a');
    expect(server.received.has('a')).toBe(false);
    await hangUp('a');
  });
});

test('a fault that came after more than a second is not tried again', async () => {
  let [now, tries] = [0, 0];
  const clock: Clock = { now: () => now, sleepUntil: async () => {} };
  const failing = (afterMs: number) =>
    gatewayPost({
      bucket: tokenBucket(1_000, clock),
      clock,
      gateway: {
        async post() {
          tries++;
          now += afterMs;
          throw new Error('no answer');
        },
      },
    });
  await expect(failing(5_000)('a', 'frame')).rejects.toThrow('a frame could not be posted');
  expect(tries).toBe(1);
  await expect(failing(1_000)('a', 'frame')).rejects.toThrow('a frame could not be posted');
  expect(tries).toBe(3);
});
