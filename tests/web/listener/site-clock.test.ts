import { describe, expect, test } from '@jest/globals';
import type { PingSample } from '../../../web/listener/server-clock.ts';
import { SLOW_MS, siteClock } from '../../../web/listener/site-clock.ts';
import { virtualTime } from '../virtual-time.ts';

function setting({ random = 0.25 } = {}) {
  const time = virtualTime();
  const asked: { id: number; at: number }[] = [];
  const samples: PingSample[] = [];
  const dropped: [why: string, was: boolean][] = [];
  const world = { busy: true, takesMs: 10, fails: false, verdict: 'kept' as 'kept' | 'apart' };
  const site = siteClock({
    timers: time,
    random: () => random,
    busy: () => world.busy,
    ask(id, done) {
      asked.push({ id, at: time.now() });
      const [sentAt, { fails, takesMs }] = [time.now(), { ...world }];
      const answer = () => ({ sentAt, serverReceivedAt: 1, serverSentAt: 1, arrivedAt: time.now() });
      time.set(() => done(fails ? null : answer()), takesMs);
    },
    sample(sample) {
      samples.push(sample);
      return world.verdict;
    },
    dropped: (...how) => dropped.push(how),
  });
  const times = () => asked.map(({ at }) => at);
  return { time, asked, samples, dropped, world, site, times };
}

test('it is asked soon, then less and less often, down to once in 160 s', () => {
  const { time, site, times, samples } = setting();
  site.start();
  time.runTo(700_000);
  expect(times()).toEqual([2_000, 12_010, 32_020, 72_030, 152_040, 312_050, 472_060, 632_070]);
  expect(samples).toHaveLength(8);
  expect(samples[0]).toEqual({ sentAt: 2_000, serverReceivedAt: 1, serverSentAt: 1, arrivedAt: 2_010 });
});

test('each question has a number of its own, from a random one on', () => {
  const { time, site, asked } = setting({ random: 0.123_456_789_4 });
  site.start();
  time.runTo(13_000);
  const [first, second] = asked.map(({ id }) => id);
  expect([123_456_789, 123_456_790, 123_456_791]).toContain(first);
  expect(second).toBe(first! + 1);
});

test('it is trusted from its first answer on, and not after the connection is gone', () => {
  const { time, site } = setting();
  site.start();
  time.runTo(2_009);
  expect(site.trusted).toBe(false);
  time.runTo(2_010);
  expect(site.trusted).toBe(true);
  site.stop();
  expect(site.trusted).toBe(false);
});

test('after a new beginning it is asked as at first, and what was under way counts for nothing', () => {
  const { time, site, times, samples, world } = setting();
  world.takesMs = 1_500;
  site.start();
  time.runTo(3_000);
  site.start();
  time.runTo(4_999);
  expect([times(), samples.length, site.trusted]).toEqual([[2_000], 0, false]);
  time.runTo(20_000);
  expect(times()).toEqual([2_000, 5_000, 16_500]);
});

test('nobody asks where the connection is gone, nor between broadcasts', () => {
  const { time, site, times, world } = setting();
  site.start();
  time.runTo(1_000);
  site.stop();
  time.runTo(10_000);
  expect(times()).toEqual([]);
  world.busy = false;
  site.start();
  time.runTo(100_000);
  expect(times()).toEqual([]);
  world.busy = true;
  site.start();
  time.runTo(103_000);
  expect(times()).toEqual([102_000]);
});

describe('an answer that cannot be used', () => {
  test('three times in a row means that it is given up, for good', () => {
    const { time, site, times, dropped, world } = setting();
    world.fails = true;
    site.start();
    time.runTo(22_029);
    expect(dropped).toEqual([]);
    time.runTo(22_030);
    expect(dropped).toEqual([
      [
        'This page does not ask the site’s clock any more: three questions had no answer that can be used.',
        false,
      ],
    ]);
    site.start();
    site.start();
    time.runTo(900_000);
    expect(times()).toEqual([2_000, 12_010, 22_020]);
    expect([dropped.length, site.trusted]).toEqual([1, false]);
  });

  test('twice is forgiven, and the gap begins anew', () => {
    const { time, site, times, dropped, world } = setting();
    site.start();
    time.runTo(40_000);
    world.fails = true;
    time.runTo(82_040);
    expect(site.trusted).toBe(true);
    world.fails = false;
    time.runTo(120_000);
    expect(times()).toEqual([2_000, 12_010, 32_020, 72_030, 82_040, 92_050, 102_060]);
    world.fails = true;
    time.runTo(400_000);
    expect(times().slice(7)).toEqual([122_070, 132_080, 142_090]);
    expect(dropped).toEqual([[expect.stringContaining('three questions'), true]]);
  });

  test.each([
    [SLOW_MS, 1],
    [SLOW_MS + 1, 0],
  ])('may be one that took %i ms: %i is used', (takesMs, used) => {
    const { time, site, samples, world } = setting();
    world.takesMs = takesMs;
    site.start();
    time.runTo(8_000);
    expect(samples).toHaveLength(used);
  });

  test('may contradict the pings: then it is given up at once', () => {
    const { time, site, times, dropped, world } = setting();
    site.start();
    time.runTo(5_000);
    world.verdict = 'apart';
    time.runTo(900_000);
    expect(times()).toEqual([2_000, 12_010]);
    expect(dropped).toEqual([
      [
        'This page does not ask the site’s clock any more: it contradicts the station’s, which the music goes by.',
        true,
      ],
    ]);
    expect(site.trusted).toBe(false);
  });
});
