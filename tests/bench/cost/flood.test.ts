/** What strangers can make a stage cost in an hour: by the stack's own rates, and as the docs say. */
import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { alarmedAfterS, floodUsdPerHour } from '../../../bench/cost/flood.ts';
import { stackRates } from '../../../bench/cost/stack-rates.ts';

const memory = { message: 0.5, connect: 0.25 };
const none = { pings: 0, punches: 0, others: 0 };

test('a ping costs two messages, a call of six milliseconds at half a gigabyte, and its log line', () => {
  // 3,600 × (2 × $1e-6 + $0.2e-6 + 0.006 × 0.5 × $0.0000133334 + 500 / 2^30 × $0.5)
  expect(floodUsdPerHour({ ...none, pings: 1 }, memory).pings).toBeCloseTo(0.0089022, 6);
});

test('one bucket of a thousand a second, as there was, let pings cost eight dollars an hour', () => {
  const { pings } = floodUsdPerHour({ ...none, pings: 1000 }, memory);
  expect(pings).toBeGreaterThan(8);
  expect(pings).toBeLessThan(9);
});

test('twice the rate costs twice as much, of each kind and of all', () => {
  const rates = { pings: 10, punches: 20, others: 30 };
  const [once, twice] = [rates, { pings: 20, punches: 40, others: 60 }].map((each) =>
    Object.values(floodUsdPerHour(each, memory)),
  );
  for (const [i, usd] of once!.entries()) expect(twice![i]).toBeCloseTo(2 * usd, 12);
});

test('all of it is no more than its parts, of which connections end ten minutes after what was last said', () => {
  const seen = floodUsdPerHour({ pings: 1, punches: 1, others: 1 }, memory);
  expect(seen.everything).toBeCloseTo(seen.pings + seen.punches + seen.others + seen.connections, 12);
  // Three a second held for 600 s are 1,800 connections, 60 minutes each at $0.25 a million.
  expect(seen.connections).toBeCloseTo(1_800 * 60 * 0.25e-6, 9);
});

test('the alarm on messages goes off within its period for a flood, and not for a rate that stays below its threshold', () => {
  const alarm = { Threshold: 60_000, Period: 300 };
  expect(alarmedAfterS({ ...none, pings: 101 }, alarm)).toBe(300);
  expect(alarmedAfterS({ ...none, pings: 100 }, alarm)).toBeNull();
});

test('the stack’s own rates bound a flood of pings to what docs/operating.md says, and the alarm tells of it', () => {
  const stack = stackRates();
  expect(stack).toEqual({
    rates: { pings: 400, punches: 50, others: 300 },
    memory,
    alarm: { Threshold: 60_000, Period: 300 },
  });
  const { pings, everything } = floodUsdPerHour(stack.rates, stack.memory);
  const doc = readFileSync('docs/operating.md', 'utf8');
  const said =
    /A flood of pings costs \$([\d.]+) an hour at most, of everything that can be sent, \$([\d.]+)/.exec(doc);
  expect(said?.slice(1).map(Number)).toEqual([Number(pings.toFixed(2)), Number(everything.toFixed(1))]);
  expect(alarmedAfterS(stack.rates, stack.alarm)).toBe(300);
});
