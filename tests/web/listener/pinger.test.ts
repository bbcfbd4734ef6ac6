import { expect, test } from '@jest/globals';
import { BURST_PINGS, PONG_TIMEOUT_MS, pinger } from '../../../web/listener/pinger.ts';
import type { PingSample } from '../../../web/listener/server-clock.ts';
import { virtualTime } from '../virtual-time.ts';

function setting(options: { busy?: () => boolean; answer?: boolean } = {}) {
  const { busy = () => true, answer = true } = options;
  const time = virtualTime();
  const sent: { id: number; at: number }[] = [];
  const samples: PingSample[] = [];
  let dead = 0;
  const pings = pinger({
    now: time.now,
    timers: time,
    busy,
    send(id) {
      sent.push({ id, at: time.now() });
      if (answer) time.set(() => pings.pong(id, 1_000 + time.now(), 1_001 + time.now()), 30);
    },
    sample: (sample) => samples.push(sample),
    dead: () => {
      dead++;
    },
  });
  return { time, sent, samples, pings, dead: () => dead };
}

test('five pings are answered within 600 ms of the start, so that Join sounds fast', () => {
  const { time, samples, pings } = setting();
  pings.start();
  time.runTo(600);
  expect(samples.length).toBeGreaterThanOrEqual(5);
  expect(samples[0]).toEqual({ sentAt: 0, serverReceivedAt: 1_030, serverSentAt: 1_031, arrivedAt: 30 });
});

test('an hour with 240 chunks, hello and join stays within 465 messages both ways', () => {
  const { time, sent, pings } = setting();
  pings.start();
  time.runTo(3_600_000);
  expect(2 * sent.length + 240 + 10).toBeLessThanOrEqual(465);
});

test('a burst of six, eight more within a hundred seconds, then one every 50 s', () => {
  const { time, sent, pings } = setting();
  pings.start();
  time.runTo(200_000);
  expect(sent.map(({ at }) => at)).toEqual([
    ...[0, 120, 240, 360, 480, 600],
    ...[12_600, 24_600, 36_600, 48_600, 60_600, 72_600, 84_600, 96_600],
    ...[146_600, 196_600],
  ]);
  // After a sleep all of it again.
  pings.burst();
  time.runTo(213_000);
  expect(sent.slice(16).map(({ at }) => at - 200_000)).toEqual([0, 120, 240, 360, 480, 600, 12_600]);
});

test('between broadcasts it only keeps the connection open, well within ten minutes', () => {
  const { time, sent, pings } = setting({ busy: () => false });
  pings.start();
  time.runTo(3_600_000);
  const gaps = sent.slice(1).map(({ at }, i) => at - sent[i]!.at);
  expect(Math.max(...gaps)).toBeLessThan(9 * 60_000);
  expect(sent.length).toBeLessThan(BURST_PINGS + 16);
});

test('a ping without an answer gives the connection up', () => {
  const { time, pings, dead } = setting({ answer: false });
  pings.start();
  time.runTo(PONG_TIMEOUT_MS - 1);
  expect(dead()).toBe(0);
  time.runTo(PONG_TIMEOUT_MS);
  expect(dead()).toBe(1);
});

test('after stop nothing is sent, and a late or unknown pong is no sample', () => {
  const { time, sent, samples, pings } = setting();
  pings.start();
  pings.stop();
  pings.pong(99, 0, 0);
  time.runTo(100_000);
  expect(sent).toHaveLength(1);
  expect(samples).toEqual([]);
});

test('a burst on request is not begun while one is under way, nor without a connection', () => {
  const { time, sent, pings } = setting();
  pings.burst();
  expect(sent).toHaveLength(0);
  pings.start();
  pings.burst();
  time.runTo(2_000);
  expect(sent).toHaveLength(BURST_PINGS);
  pings.burst();
  time.runTo(4_000);
  expect(sent).toHaveLength(2 * BURST_PINGS);
});

test('a broadcast that is near brings a burst, but not a second one at once; then it settles all the same', () => {
  let busy = false;
  const { time, sent, pings } = setting({ busy: () => busy });
  pings.start();
  time.runTo(1_000);
  busy = true;
  pings.near();
  time.runTo(26_000);
  expect(sent.slice(BURST_PINGS).map(({ at }) => at)).toEqual([13_000, 25_000]);
  pings.near();
  time.runTo(27_000);
  expect(sent.slice(BURST_PINGS + 2).map(({ at }) => at - 26_000)).toEqual([0, 120, 240, 360, 480, 600]);
});
