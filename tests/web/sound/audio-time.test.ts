import { expect, test } from '@jest/globals';
import { audioTime } from '../../../web/sound/audio-time.ts';

/** A context whose first sample left the loudspeaker at local time 1,000 ms. */
function context(stamped = true) {
  const world = { now: 1_000, origin: 1_000, latencyS: 0.05 };
  const times = {
    get currentTime() {
      return (world.now - world.origin) / 1000 + world.latencyS;
    },
    get outputLatency() {
      return world.latencyS;
    },
    getOutputTimestamp: stamped
      ? () => ({
          contextTime: Math.max(0.0001, (world.now - world.origin) / 1000),
          performanceTime: world.now,
        })
      : undefined,
  };
  return { world, time: audioTime(times as never, () => world.now) };
}

test('a sound placed by it leaves the loudspeaker at the local time asked for', () => {
  const { world, time } = context();
  world.now = 3_000;
  expect(time.read()).toBe('steady');
  expect(time.of(4_500)).toBeCloseTo(3.5, 9);
});

test('nothing is placed before the output has begun: the stamp stands still then', () => {
  const { world, time } = context();
  world.now = 980;
  expect(time.read()).toBe('unknown');
  world.now = 1_004;
  expect(time.read()).toBe('unknown');
  world.now = 1_010;
  expect(time.read()).toBe('steady');
  expect(time.of(2_000)).toBeCloseTo(1, 9);
});

test('without a stamp, the current time and the output’s latency serve', () => {
  const { world, time } = context(false);
  world.now = 3_000;
  expect(time.read()).toBe('steady');
  expect(time.of(4_500)).toBeCloseTo(3.5, 9);
});

test('jitter is smoothed, a lost block is followed at once, an interruption is reported', () => {
  const { world, time } = context();
  world.now = 3_000;
  time.read();
  world.origin += 1;
  expect(time.read()).toBe('steady');
  expect(time.of(4_000)).toBeCloseTo(2.9999, 9);
  world.origin += 40;
  expect(time.read()).toBe('steady');
  expect(time.of(4_000)).toBeCloseTo(2.959, 9);
  world.origin += 200;
  expect(time.read()).toBe('jumped');
  expect(time.of(4_000)).toBeCloseTo(2.759, 9);
});
