import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { broadcastCalls } from '../../bench/cost/broadcast-calls.ts';
import { listenerCalls } from '../../bench/cost/listener.ts';
import { watchedMetrics } from '../../bench/cost/watched.ts';
import { CROWD, type Evening, estimatedCost, eveningCost } from '../../src/publish/cost.ts';

const memory = { broadcast: 0.5, message: 0.5, connect: 0.25, compose: 1.75 };
const counted = async (listeners: number, durationMs: number, siteClock: boolean): Promise<Evening> => {
  const { calls, posted } = await broadcastCalls(listeners, durationMs);
  const { pings, asks } = await listenerCalls(posted, durationMs, siteClock);
  return { listeners, durationMs, calls, pings, asks, memory };
};

describe.each([
  [10, 8, true],
  [40, 3, true],
  [40, 3, false],
  [40, 15, true],
  [600, 8, true],
  [600, 8, false],
])('%i listeners to %i minutes, the site with a clock: %s', (listeners, minutes, siteClock) => {
  test('cost by estimate what they cost by counting, within two per cent', async () => {
    const { usd } = eveningCost(await counted(listeners, minutes * 60_000, siteClock));
    expect(Math.abs(estimatedCost(listeners, minutes * 60_000, siteClock) / usd - 1)).toBeLessThan(0.02);
  });
});

test('the parts add up, pings are a part of the messages, and nothing costs less than nothing', async () => {
  const { usd, parts, ofWhichPingsUsd } = eveningCost(await counted(10, 480_000, true));
  expect(Object.values(parts).reduce((a, b) => a + b)).toBeCloseTo(usd, 12);
  expect(ofWhichPingsUsd).toBeLessThan(parts.gatewayMessages + parts.lambdaRequests + parts.lambdaTime);
  expect(parts.files).toBe(0);
  for (const [name, part] of Object.entries(parts)) if (name !== 'files') expect(part).toBeGreaterThan(0);
});

test('each listener makes an evening dearer, and an evening without any costs under a cent', () => {
  expect(estimatedCost(0, 480_000, true)).toBeLessThan(0.01);
  expect(estimatedCost(1, 480_000, true)).toBeGreaterThan(estimatedCost(0, 480_000, true));
  expect(estimatedCost(1_000, 480_000, true)).toBeGreaterThan(0.05);
});

test('the estimate assumes the memory that the stack gives its functions, and its crowd to a broadcaster', () => {
  const stack = parse(readFileSync('serverless.yml', 'utf8')) as {
    functions: Record<string, { memorySize: number | string }>;
    params: { default: { broadcastMemory: number; listenersEach: string } };
  };
  const size = (name: string) => Number(stack.functions[name]!.memorySize) / 1024;
  expect({
    broadcast: stack.params.default.broadcastMemory / 1024,
    message: size('message'),
    connect: size('connect'),
    compose: size('compose'),
  }).toEqual(memory);
  expect(Number(stack.params.default.listenersEach)).toBe(CROWD.listenersEach);
});

test('with the site’s clock a listener sends less than half of the pings, and is sent at most 320 messages an hour', async () => {
  const { posted } = await broadcastCalls(10, 480_000);
  const on = await listenerCalls(posted, 480_000, true);
  const off = await listenerCalls(posted, 480_000, false);
  expect(on).toEqual({ pings: 10, asks: 10, fetches: 0, joins: 1, downstream: 47 });
  expect(off).toEqual({ pings: 23, asks: 0, fetches: 0, joins: 1, downstream: 60 });
  expect((on.downstream * 3_600) / 780).toBeLessThan(320);
});

test('a crowd that fetches is sent hellos and the end alone, fetches four files in eight minutes, and costs less than one that is posted to', async () => {
  const { calls, posted, files } = await broadcastCalls(10, 480_000, true);
  expect([calls.posts, files.size]).toEqual([10 * 4, 4]);
  const each = await listenerCalls(posted, 480_000, false, files);
  expect([each.fetches, each.joins]).toEqual([4, 1]);
  const crowd = 100_000;
  const scaled = { ...calls, posts: (calls.posts / 10) * crowd, postedBytes: 0 };
  const counted = eveningCost({ listeners: crowd, durationMs: 480_000, calls: scaled, ...each, memory }).usd;
  expect(Math.abs(estimatedCost(crowd, 480_000, false) / counted - 1)).toBeLessThan(0.02);
  // As many as are posted to, and one more.
  expect(estimatedCost(54_001, 480_000, false)).toBeLessThan(estimatedCost(54_000, 480_000, false));
});

test('the alarms that are paid for are those of the stack', () => {
  expect(watchedMetrics(readFileSync('infra/alarms.yml', 'utf8'))).toBe(13);
});
