import { describe, expect, test } from '@jest/globals';
import type { OtherSample } from '../../../web/listener/server-clock.ts';
import { SLOW_MS, siteClock } from '../../../web/listener/site-clock.ts';
import { virtualTime } from '../virtual-time.ts';

function setting({ random = 0.25 } = {}) {
  const time = virtualTime();
  const asked: { id: number; at: number }[] = [];
  const samples: OtherSample[] = [];
  const dropped: [why: string, was: boolean][] = [];
  const world = {
    ...{ busy: true, takesMs: 10, fails: false, fresh: false },
    verdict: 'kept' as 'kept' | 'apart',
  };
  const site = siteClock({
    timers: time,
    random: () => random,
    busy: () => world.busy,
    ask(id, done) {
      asked.push({ id, at: time.now() });
      const [sentAt, { fails, fresh, takesMs }] = [time.now(), { ...world }];
      const answer = () => ({ sentAt, serverReceivedAt: 1, serverSentAt: 1, arrivedAt: time.now(), fresh });
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

test('it is asked soon and once more, then so often that no connection is silent for a minute', () => {
  const { time, site, times, samples } = setting();
  site.start();
  time.runTo(180_000);
  expect(times()).toEqual([2_000, 12_010, 67_020, 122_030, 177_040]);
  expect(samples).toHaveLength(5);
  expect(samples[0]).toEqual({
    ...{ sentAt: 2_000, serverReceivedAt: 1, serverSentAt: 1, arrivedAt: 2_010, fresh: false },
  });
});

test('each question has a number of its own, from a random one on', () => {
  const { time, site, asked } = setting({ random: 0.123_456_789_4 });
  site.start();
  time.runTo(13_000);
  const [first, second] = asked.map(({ id }) => id);
  expect([123_456_789, 123_456_790, 123_456_791]).toContain(first);
  expect(second).toBe(first! + 1);
});

test('it is trusted from its second answer on, and not after the connection is gone', () => {
  const { time, site } = setting();
  site.start();
  time.runTo(12_019);
  expect(site.trusted).toBe(false);
  time.runTo(12_020);
  expect(site.trusted).toBe(true);
  site.stop();
  expect(site.trusted).toBe(false);
  // Nor for the sake of answers before that.
  site.start();
  time.runTo(15_000);
  expect(site.trusted).toBe(false);
});

describe('an answer by a connection that was opened for it', () => {
  test('may be another machine’s, and brings no trust, until the next comes by the same', () => {
    const { time, site, times, world } = setting();
    site.start();
    time.runTo(60_000);
    world.fresh = true;
    time.runTo(100_000);
    expect(site.trusted).toBe(false);
    world.fresh = false;
    time.runTo(125_000);
    expect(site.trusted).toBe(true);
    expect(times()).toEqual([2_000, 12_010, 67_020, 122_030]);
  });

  test('as the first is usual; three of them in a row mean that asking is in vain', () => {
    const { time, site, times, samples, dropped, world } = setting();
    world.fresh = true;
    site.start();
    time.runTo(67_029);
    expect(dropped).toEqual([]);
    time.runTo(900_000);
    expect(times()).toEqual([2_000, 12_010, 67_020]);
    expect(samples).toHaveLength(3);
    expect(dropped).toEqual([[expect.stringContaining('three questions'), false]]);
  });

  test('is forgotten as a failure by one that came by the connection before it', () => {
    const { time, site, dropped, world } = setting();
    site.start();
    time.runTo(20_000);
    for (let at = 20_000; at < 700_000; at += 165_030) {
      // Two of three come by a new connection.
      world.fresh = true;
      time.runTo(at + 110_000);
      expect(site.trusted).toBe(false);
      world.fresh = false;
      time.runTo(at + 165_000);
      expect(site.trusted).toBe(true);
    }
    expect(dropped).toEqual([]);
  });
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

  test('twice is forgiven, and it is asked again sooner', () => {
    const { time, site, times, dropped, world } = setting();
    site.start();
    time.runTo(40_000);
    world.fails = true;
    time.runTo(77_040);
    expect(site.trusted).toBe(true);
    world.fails = false;
    time.runTo(120_000);
    expect(times()).toEqual([2_000, 12_010, 67_020, 77_030, 87_040]);
    world.fails = true;
    time.runTo(400_000);
    expect(times().slice(5)).toEqual([142_050, 152_060, 162_070]);
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
    time.runTo(20_000);
    world.verdict = 'apart';
    time.runTo(900_000);
    expect(times()).toEqual([2_000, 12_010, 67_020]);
    expect(dropped).toEqual([
      [
        'This page does not ask the site’s clock any more: it contradicts the station’s, which the music goes by.',
        true,
      ],
    ]);
    expect(site.trusted).toBe(false);
  });
});
