import { describe, expect, test } from '@jest/globals';
import { BURST_PINGS, PONG_TIMEOUT_MS, pinger } from '../../../web/listener/pinger.ts';
import type { PingSample } from '../../../web/listener/server-clock.ts';
import { virtualTime } from '../virtual-time.ts';

function setting(
  options: { busy?: () => boolean; answer?: boolean; aided?: () => boolean; rate?: number } = {},
) {
  const { busy = () => true, answer = true, aided, rate = 1 } = options;
  const time = virtualTime();
  const sent: { id: number; at: number }[] = [];
  const samples: PingSample[] = [];
  let dead = 0;
  const pings = pinger({
    now: () => rate * time.now(),
    timers: time,
    busy,
    ...(aided ? { aided } : {}),
    send(id) {
      sent.push({ id, at: time.now() });
      if (answer)
        time.set(() => {
          pings.heard();
          pings.pong(id, 1_000 + time.now(), 1_001 + time.now());
        }, 30);
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

test('a burst of five, nine more within two minutes, then one every 50 s', () => {
  const { time, sent, pings } = setting();
  pings.start();
  time.runTo(200_000);
  expect(sent.map(({ at }) => at)).toEqual([
    ...[0, 120, 240, 360, 480],
    ...[12_480, 24_480, 36_480, 48_480, 60_480, 72_480, 84_480, 96_480, 108_480],
    ...[158_480],
  ]);
  // After a sleep all of it again.
  pings.burst();
  time.runTo(213_000);
  expect(sent.slice(15).map(({ at }) => at - 200_000)).toEqual([0, 120, 240, 360, 480, 12_480]);
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

test('music that is near brings what settles the clock, and a burst before it where there was none for ten minutes', () => {
  let busy = false;
  const { time, sent, pings } = setting({ busy: () => busy });
  pings.start();
  time.runTo(1_000);
  busy = true;
  pings.near();
  time.runTo(26_000);
  expect(sent.slice(BURST_PINGS).map(({ at }) => at)).toEqual([13_000, 25_000]);
  busy = false;
  time.runTo(600_000);
  const before = sent.length;
  pings.near();
  time.runTo(601_000);
  expect(sent).toHaveLength(before);
  pings.near();
  time.runTo(602_000);
  expect(sent.slice(before).map(({ at }) => at - 601_000)).toEqual([0, 120, 240, 360, 480]);
});

describe('with the site’s clock', () => {
  const SETTLING = [12_480, 24_480, 36_480, 48_480];
  const afterBurst = (sent: readonly { at: number }[]) => sent.slice(BURST_PINGS).map(({ at }) => at);

  test('a ping is sent where nothing was heard for 70 s', () => {
    const { time, sent, pings } = setting({ aided: () => true });
    pings.start();
    time.runTo(250_000);
    // The last pong of those that settle it came at 48,510, and each pong is heard as well.
    expect(afterBurst(sent)).toEqual([...SETTLING, 118_510, 188_540]);
  });

  test('what comes every half minute is a sign of life, and a ping is sent every ten minutes as a check', () => {
    const { time, sent, pings } = setting({ aided: () => true });
    pings.start();
    for (let at = 30_000; at <= 1_300_000; at += 30_000) {
      time.runTo(at);
      pings.heard();
    }
    expect(afterBurst(sent)).toEqual([...SETTLING, 648_480, 1_248_480]);
  });

  test('a connection that died after a frame is given up 76 s later', () => {
    const { time, sent, pings, dead } = setting({ aided: () => true, answer: false });
    pings.start();
    pings.stop();
    pings.start();
    for (const at of [5_000, 13_000, 25_000, 37_000, 49_000]) {
      time.runTo(at);
      for (const { id } of sent) pings.pong(id, 0, 0);
    }
    pings.heard();
    time.runTo(124_999);
    expect(dead()).toBe(0);
    time.runTo(125_000);
    expect(dead()).toBe(1);
  });

  test('a clock that runs behind the timers is waited for once, not for ever smaller fractions', () => {
    // 70 s are 7 ms too few by the timers, and 7 ms less than a thousandth.
    const { time, sent, pings } = setting({ aided: () => true, rate: 1 - 1e-4 });
    pings.start();
    time.runTo(119_000);
    expect(afterBurst(sent).map(Math.round)).toEqual([...SETTLING, 118_517]);
  });

  test('without it, from one ping to the next, all is as ever', () => {
    let aided = true;
    const { time, sent, pings } = setting({ aided: () => aided });
    pings.start();
    time.runTo(62_000);
    aided = false;
    time.runTo(143_000);
    expect(afterBurst(sent)).toEqual([...SETTLING, 118_510, 130_510, 142_510]);
  });

  test('between broadcasts the connection is kept open as ever', () => {
    const { time, sent, pings } = setting({ aided: () => true, busy: () => false });
    pings.start();
    time.runTo(500_000);
    expect(afterBurst(sent)).toEqual([240_480, 480_480]);
  });

  test('a burst is never thinned, and music that is near after one brings the four that settle it', () => {
    let busy = false;
    const { time, sent, pings } = setting({ aided: () => true, busy: () => busy });
    pings.start();
    time.runTo(1_000);
    expect(sent).toHaveLength(BURST_PINGS);
    busy = true;
    pings.near();
    time.runTo(118_000);
    expect(afterBurst(sent)).toEqual([13_000, 25_000, 37_000, 49_000]);
  });
});
