import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { MAX_SLEW, type PingSample, serverClock } from '../../../web/listener/server-clock.ts';

/** The server's clock shows this much more than the local one. */
const OFFSET = 1_795_000_000_000;

/** A ping sent at `at`, with the given ways up and down, to a server whose clock drifts by `drift`. */
const ping = (at: number, upMs: number, downMs: number, offset = OFFSET, drift = 0): PingSample => {
  const serverAt = (local: number) => local + offset + drift * local;
  return {
    sentAt: at,
    serverReceivedAt: serverAt(at + upMs),
    serverSentAt: serverAt(at + upMs),
    arrivedAt: at + upMs + downMs,
  };
};

test('nothing is known before the first ping', () => {
  const clock = serverClock();
  expect(clock.toServer(5)).toBeNull();
  expect(clock.toLocal(OFFSET)).toBeNull();
  expect(clock.uncertaintyMs).toBeNull();
  expect(clock.ready).toBe(false);
});

test('an even path gives the offset exactly, whatever the hour of either clock', () => {
  const clock = serverClock();
  for (let i = 0; i < 5; i++) clock.add(ping(i * 120, 20, 20));
  expect(clock.toServer(1_000)).toBe(OFFSET + 1_000);
  expect(clock.toLocal(OFFSET + 1_000)).toBe(1_000);
  expect(clock.ready).toBe(true);
  expect(clock.uncertaintyMs).toBe(20);
});

test('what the server takes to answer is no part of the round trip', () => {
  const clock = serverClock();
  clock.add({ sentAt: 0, serverReceivedAt: OFFSET + 10, serverSentAt: OFFSET + 510, arrivedAt: 520 });
  expect(clock.uncertaintyMs).toBe(10);
  expect(clock.toServer(520)).toBe(OFFSET + 520);
});

test('slow and uneven pings hardly move what fast ones have shown', () => {
  const clock = serverClock();
  for (let i = 0; i < 4; i++) clock.add(ping(i * 120, 10, 10));
  clock.add(ping(600, 200, 10));
  clock.add(ping(720, 10, 300));
  expect(Math.abs(clock.toServer(1_500)! - OFFSET - 1_500)).toBeLessThan(0.05);
});

test('drift of 40 ppm is followed for a quarter of an hour to within 2 ms', () => {
  const clock = serverClock();
  for (let i = 0; i < 8; i++) clock.add(ping(i * 120, 30, 30, OFFSET, 40e-6));
  clock.toServer(1_500);
  clock.startSlewing();
  let worst = 0;
  for (let at = 2_000; at < 900_000; at += 1_000) {
    if (at % 40_000 === 0) clock.add(ping(at - 60, 30, 30, OFFSET, 40e-6));
    worst = Math.max(worst, Math.abs(clock.toServer(at)! - (at + OFFSET + 40e-6 * at)));
  }
  expect(worst).toBeLessThan(2);
});

test('from the first note on, no correction is faster than 160 ppm, and none is lost', () => {
  const clock = serverClock();
  for (let i = 0; i < 5; i++) clock.add(ping(i * 120, 90, 10));
  const before = clock.toServer(1_000)! - 1_000;
  expect(before).toBe(OFFSET + 40);
  clock.startSlewing();
  // A far better sample shows that the estimate was 40 ms off.
  clock.add(ping(1_000, 1, 1));
  expect(clock.toServer(1_002)! - 1_002).toBeGreaterThan(OFFSET + 39.9);
  expect(clock.toServer(11_002)! - 11_002).toBeCloseTo(before - 10_000 * MAX_SLEW, 2);
  expect(clock.toServer(400_000)! - 400_000).toBeLessThan(OFFSET + 0.5);
});

test('before the first note a correction is made at once', () => {
  const clock = serverClock();
  for (let i = 0; i < 5; i++) clock.add(ping(i * 120, 90, 10));
  clock.toServer(1_000);
  clock.add(ping(1_000, 1, 1));
  expect(clock.toServer(1_002)! - 1_002).toBeLessThan(OFFSET + 0.5);
});

test('a sample that no path could explain means that a clock was stepped, and begins anew', () => {
  const clock = serverClock();
  for (let i = 0; i < 5; i++) expect(clock.add(ping(i * 120, 10, 10))).toBe('kept');
  clock.startSlewing();
  clock.toServer(1_000);
  expect(clock.add(ping(2_000, 150, 10))).toBe('kept');
  expect(clock.add(ping(3_000, 10, 10, OFFSET + 600_000))).toBe('stepped');
  expect(clock.toServer(3_020)).toBe(OFFSET + 603_020);
  expect(clock.ready).toBe(false);
});

test('however uneven the paths, the error stays within half of the widest round trip', () => {
  const paths = fc.array(fc.tuple(fc.integer({ min: 1, max: 150 }), fc.integer({ min: 1, max: 150 })), {
    minLength: 1,
    maxLength: 20,
  });
  fc.assert(
    fc.property(paths, (ways) => {
      const clock = serverClock();
      for (const [i, [up, down]] of ways.entries()) clock.add(ping(i * 300, up, down));
      const at = ways.length * 300;
      const widest = Math.max(...ways.map(([up, down]) => up + down)) / 2;
      expect(Math.abs(clock.toServer(at)! - at - OFFSET)).toBeLessThanOrEqual(widest + 0.01);
    }),
  );
});

test('server and local time are each other’s inverse', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 900_000 }), fc.integer({ min: 1, max: 99 }), (at, way) => {
      const clock = serverClock();
      clock.add(ping(0, way, 100 - way));
      expect(clock.toLocal(clock.toServer(at)!)).toBeCloseTo(at, 3);
    }),
  );
});

describe('another clock', () => {
  const other = (...how: Parameters<typeof ping>) => ({ ...ping(...how), fresh: false });
  const pinged = () => {
    const clock = serverClock();
    for (let i = 0; i < 5; i++) clock.add(ping(i * 120, 20, 20));
    return clock;
  };

  test('counts for nothing before the first ping, nor in doubt, and makes nothing ready', () => {
    const clock = serverClock();
    expect(clock.addOther(other(0, 2, 2, OFFSET + 600_000))).toBe('kept');
    expect([clock.otherUncertaintyMs, clock.toServer(5)]).toEqual([null, null]);
    clock.add(ping(10, 20, 20));
    expect(clock.addOther(other(100, 2, 2))).toBe('kept');
    expect([clock.otherUncertaintyMs, clock.ready]).toEqual([3, false]);
    clock.doubt();
    expect(clock.addOther(other(200, 1, 1))).toBe('kept');
    expect(clock.addOther(other(300, 1, 1, OFFSET + 600_000))).toBe('kept');
    expect(clock.otherUncertaintyMs).toBeNull();
    clock.add(ping(400, 20, 20));
    // What was kept before the doubt is there again, what came in it is not.
    expect(clock.otherUncertaintyMs).toBe(3);
  });

  test('is set as it may be: within half of both round trips and two milliseconds it moves nothing but the drift', () => {
    const clock = pinged();
    expect(clock.addOther(other(600, 2, 2, OFFSET + 24))).toBe('kept');
    expect(clock.toServer(1_000)).toBeCloseTo(OFFSET + 1_000, 6);
    expect(clock.uncertaintyMs).toBe(20);
    expect(clock.otherUncertaintyMs).toBe(3);
  });

  test.each([24.2, -24.2])(
    'that is %f ms off cannot be right if the pings are, and all of it is forgotten',
    (off) => {
      const clock = pinged();
      expect(clock.addOther(other(600, 2, 2))).toBe('kept');
      expect(clock.addOther(other(700, 2, 2, OFFSET + off))).toBe('apart');
      expect(clock.otherUncertaintyMs).toBeNull();
      expect(clock.toServer(1_000)).toBeCloseTo(OFFSET + 1_000, 6);
    },
  );

  test('may be further off the longer ago the pings were, by what a clock drifts meanwhile', () => {
    // 120 millionths of 100 s are 12 ms.
    expect(pinged().addOther(other(100_000, 2, 2, OFFSET + 35))).toBe('kept');
    expect(pinged().addOther(other(100_000, 2, 2, OFFSET + 37))).toBe('apart');
  });

  test('is not held against what was no answer to a ping', () => {
    const clock = serverClock();
    clock.add({ ...ping(0, 1, 1, OFFSET - 300), rough: true });
    expect(clock.addOther(other(100, 2, 2))).toBe('kept');
  });

  test('says how fast ours runs, for as long as it is believed', () => {
    const drift = 60e-6;
    const clock = serverClock();
    for (let i = 0; i < 5; i++) clock.add(ping(i * 120, 20, 20, OFFSET, drift));
    const off = () => clock.toServer(300_000)! - 300_000 - OFFSET - drift * 300_000;
    expect(off()).toBeLessThan(-15);
    for (const at of [10_000, 60_000, 120_000, 200_000, 300_000])
      expect(clock.addOther(other(at, 2, 2, OFFSET, drift))).toBe('kept');
    expect(Math.abs(off())).toBeLessThan(0.6);
    clock.forgetOther();
    expect(clock.otherUncertaintyMs).toBeNull();
    clock.add(ping(300_010, 500, 500, OFFSET, drift));
    expect(off()).toBeLessThan(-10);
  });

  test('is forgotten with the pings where a clock has stepped', () => {
    const clock = pinged();
    clock.addOther(other(600, 2, 2));
    expect(clock.add(ping(3_000, 10, 10, OFFSET + 600_000))).toBe('stepped');
    expect(clock.otherUncertaintyMs).toBeNull();
  });

  test('brings its corrections as slowly as pings do, once a note has sounded', () => {
    const clock = serverClock();
    for (let i = 0; i < 5; i++) clock.add(ping(i * 120, 20, 20, OFFSET, 60e-6));
    clock.startSlewing();
    const before = clock.toServer(100_000)! - 100_000;
    for (const at of [10_000, 40_000, 99_996]) clock.addOther(other(at, 2, 2, OFFSET, 60e-6));
    const after = clock.toServer(100_100)! - 100_100;
    expect(after).toBeGreaterThan(before);
    expect(after - before).toBeLessThan(0.02);
  });

  test('whose next answer is another machine’s tells nothing by what the two are apart', () => {
    const drift = 60e-6;
    const clock = pinged();
    const off = (at: number) => clock.toServer(at)! - at - OFFSET;
    // Three machines, set 20 ms apart, which would be a drift of 200 millionths.
    for (const [at, ahead] of [
      [10_000, 0],
      [60_000, 0],
      [110_000, 20],
      [160_000, 20],
      [210_000, -20],
      [260_000, -20],
    ] as const) {
      const fresh = at % 100_000 === 10_000;
      expect(clock.addOther({ ...ping(at, 2, 2, OFFSET + ahead, drift), fresh })).toBe('kept');
    }
    // Of two answers each the drift is known to some ten millionths; as one machine's they would say −30 millionths.
    expect(Math.abs(off(300_000) - drift * 300_000)).toBeLessThan(4);
  });

  test('that was asked once by each connection is as good as none', () => {
    const clock = pinged();
    for (const [i, at] of [10_000, 110_000, 210_000].entries())
      clock.addOther({ ...ping(at, 2, 2, OFFSET + 9 * i), fresh: true });
    expect(clock.toServer(300_000)).toBeCloseTo(OFFSET + 300_000, 3);
  });
});

test('of pings the newest ten count however old they are, others for a quarter of an hour', () => {
  const clock = serverClock();
  for (const way of [1, 2, 3, 4]) clock.add(ping(way * 1_000, way, way));
  for (let i = 0; i < 8; i++) clock.add(ping(100_000 + i * 1_000, 60, 60));
  expect(clock.uncertaintyMs).toBe(1);
  // A quarter of an hour after the first four, of which the last is among the newest ten.
  clock.add(ping(904_500, 60, 60));
  expect(clock.uncertaintyMs).toBe(4);
  clock.add(ping(2_000_000, 60, 60));
  expect(clock.uncertaintyMs).toBe(60);
  for (let i = 0; i < 9; i++) clock.add(ping(3_000_000 + i * 1_000, 70, 70));
  expect(clock.uncertaintyMs).toBe(60);
  clock.add(ping(3_010_000, 70, 70));
  expect(clock.uncertaintyMs).toBe(70);
});
