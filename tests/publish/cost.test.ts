import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { broadcastCalls } from '../../bench/cost/broadcast-calls.ts';
import { pingsOf } from '../../bench/cost/listener.ts';
import { type Evening, estimatedCost, eveningCost } from '../../src/publish/cost.ts';
import { DOORS_MS } from '../../src/schedule/index.ts';

const memory = { broadcast: 0.5, message: 0.5, connect: 0.25, compose: 1.75 };
const counted = async (listeners: number, durationMs: number): Promise<Evening> => ({
  listeners,
  durationMs,
  calls: await broadcastCalls(listeners, durationMs),
  pings: pingsOf(0, DOORS_MS + durationMs),
  memory,
});

describe.each([
  [10, 8],
  [40, 3],
  [600, 8],
])('%i listeners to %i minutes', (listeners, minutes) => {
  test('cost by estimate what they cost by counting, within two per cent', async () => {
    const { usd } = eveningCost(await counted(listeners, minutes * 60_000));
    expect(Math.abs(estimatedCost(listeners, minutes * 60_000) / usd - 1)).toBeLessThan(0.02);
  });
});

test('the parts add up, pings are a part of the messages, and nothing costs less than nothing', async () => {
  const { usd, parts, ofWhichPingsUsd } = eveningCost(await counted(10, 480_000));
  expect(Object.values(parts).reduce((a, b) => a + b)).toBeCloseTo(usd, 12);
  expect(ofWhichPingsUsd).toBeLessThan(parts.gatewayMessages);
  for (const part of Object.values(parts)) expect(part).toBeGreaterThan(0);
});

test('each listener makes an evening dearer, and an evening without any costs under a cent', () => {
  expect(estimatedCost(0, 480_000)).toBeLessThan(0.01);
  expect(estimatedCost(1, 480_000)).toBeGreaterThan(estimatedCost(0, 480_000));
  expect(estimatedCost(1_000, 480_000)).toBeGreaterThan(0.05);
});

test('the estimate assumes the memory that the stack gives its functions', () => {
  const stack = parse(readFileSync('serverless.yml', 'utf8')) as {
    functions: Record<string, { memorySize: number | string }>;
    params: { default: { broadcastMemory: number } };
  };
  const size = (name: string) => Number(stack.functions[name]!.memorySize) / 1024;
  expect({
    broadcast: stack.params.default.broadcastMemory / 1024,
    message: size('message'),
    connect: size('connect'),
    compose: size('compose'),
  }).toEqual(memory);
});
