import { describe, expect, test } from '@jest/globals';
import { type ClockOptions, clockOf } from '../../src/adapters/system-clock.ts';
import { settableTime } from '../support/settable-time.ts';

const NOON = Date.parse('2026-11-21T12:00Z');
const HOUR_MS = 3_600_000;

function aClock(options: Pick<ClockOptions, 'held'> = {}) {
  const time = settableTime(NOON);
  const told: [string, unknown][] = [];
  const clock = clockOf({ ...options, time, log: (event, details) => void told.push([event, details]) });
  /** How long after `from` the wait was over, in time that the machine was awake; null: not yet. */
  const wait = (ms: number) => {
    const from = time.awake();
    const seen: { afterMs: number | null } = { afterMs: null };
    void clock.sleepUntil(clock.now() + ms).then(() => {
      seen.afterMs = time.awake() - from;
    });
    return seen;
  };
  return { time, told, clock, wait };
}

describe('waiting', () => {
  test('a wait ends at its instant, not before', async () => {
    const { time, wait } = aClock();
    const seen = wait(HOUR_MS);
    await time.pass(HOUR_MS - 1);
    expect(seen.afterMs).toBeNull();
    await time.pass(1);
    expect(seen.afterMs).toBe(HOUR_MS);
  });

  test('a machine that slept over the instant is five seconds late at most', async () => {
    const { time, wait, told, clock } = aClock();
    const seen = wait(HOUR_MS);
    await time.pass(1_000);
    time.sleep(2 * HOUR_MS);
    await time.pass(5_000);
    expect(seen.afterMs).toBe(5_000);
    expect(told).toEqual([['machine.slept', { ms: 2 * HOUR_MS }]]);
    expect(clock.now()).toBe(NOON + 2 * HOUR_MS + 6_000);
  });

  test('an appointment moves with the clock, forwards and back', async () => {
    const { time, wait, told } = aClock();
    const seen = wait(HOUR_MS);
    time.set(-HOUR_MS);
    await time.pass(HOUR_MS + 5_000);
    expect(seen.afterMs).toBeNull();
    time.set(HOUR_MS);
    await time.pass(5_000);
    expect(seen.afterMs).toBe(HOUR_MS + 10_000);
    expect(told).toEqual([
      ['clock.set', { byMs: -HOUR_MS, followed: 'at once' }],
      ['clock.set', { byMs: HOUR_MS, followed: 'at once' }],
    ]);
  });

  test('a pause is over when so long has passed, though the clock was set back meanwhile', async () => {
    const { time, wait } = aClock();
    const seen = wait(2_000);
    time.set(-HOUR_MS);
    await time.pass(2_000);
    expect(seen.afterMs).toBe(2_000);
  });

  test('a clock that was set shows whole milliseconds, as the machine does', async () => {
    const { time, clock } = aClock();
    await time.pass(0.6);
    time.set(HOUR_MS);
    expect(Number.isInteger(clock.now())).toBe(true);
  });

  test('aborted, it is over at once, with the reason', async () => {
    const { clock } = aClock();
    const stop = new AbortController();
    const waiting = clock.sleepUntil(NOON + HOUR_MS, stop.signal);
    stop.abort(new Error('no more'));
    await expect(waiting).rejects.toThrow('no more');
    await expect(clock.sleepUntil(NOON, stop.signal)).rejects.toThrow('no more');
  });
});

describe('a clock that is held', () => {
  test('goes on as if nobody had set the machine’s, and follows when it is let go', async () => {
    let onAir = true;
    const { time, told, clock } = aClock({ held: () => onAir });
    time.set(90_000);
    await time.pass(10_000);
    expect(clock.now()).toBe(NOON + 10_000);
    time.set(-180_000);
    expect(clock.now()).toBe(NOON + 10_000);
    onAir = false;
    expect(clock.now()).toBe(NOON + 10_000 - 90_000);
    expect(told).toEqual([
      ['clock.set', { byMs: 90_000, followed: 'after the broadcast' }],
      ['clock.set', { byMs: -90_000, followed: 'after the broadcast' }],
      ['clock.set', { byMs: -90_000, followed: 'at once' }],
    ]);
  });

  test('time asleep has passed all the same', async () => {
    const { time, clock } = aClock({ held: () => true });
    time.sleep(120_000);
    expect(clock.now()).toBe(NOON + 120_000);
    time.set(HOUR_MS);
    time.sleep(60_000);
    expect(clock.now()).toBe(NOON + 180_000);
  });

  test('drift of less than half a second is followed without a word', async () => {
    const { time, told, clock } = aClock({ held: () => true });
    for (let i = 0; i < 10; i++) {
      time.set(100);
      expect(clock.now()).toBe(NOON + 100 * (i + 1));
    }
    expect(told).toEqual([]);
  });
});
