import { expect, test } from '@jest/globals';
import { DateTime } from 'luxon';
import { memoryBroadcasts, memoryConnections, memoryPerformances } from '../../src/adapters/memory/memory.ts';
import { memoryBroadcastRecords } from '../../src/adapters/memory/windows.ts';
import { broadcast } from '../../src/broadcast/broadcast.ts';
import { timelines } from '../../src/broadcast/timelines.ts';
import type { Timer } from '../../src/ports.ts';
import { arm, planOf } from '../../src/station/arm.ts';
import { parseFrame } from '../../src/wire.ts';
import { fakeClock } from '../support/fake-clock.ts';
import { memoryTimer } from '../support/memory-timer.ts';
import { scale, stored } from '../support/music.ts';
import { aWindow, EVERY_DAY } from '../support/windows.ts';

const ZONE = 'America/New_York';
const DAYS = 365;
/** A time of day that no clock change touches, so that there is one a day. */
const AT = '20:00';
const MINUTE_MS = 60_000;

/** Park and Miller's generator: the same lateness in every run. */
function lateness(): () => number {
  let state = 20261121;
  return () => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647;
  };
}

test('a year of daily windows, timers 0 to 59 s late and sometimes twice: T0 is the window’s, each day once', async () => {
  const from = DateTime.fromISO('2026-12-01T12:00', { zone: ZONE });
  const clock = fakeClock(from.toMillis());
  const window = aWindow({ rule: { kind: 'daily', at: AT, days: EVERY_DAY }, timeZone: ZONE });
  const broadcasts = memoryBroadcasts();
  const performances = memoryPerformances();
  const records = memoryBroadcastRecords();
  const connections = memoryConnections();
  await connections.add('listener');
  const heard: { at: number; t0: number; broadcast: string; firstNoteAt: number }[] = [];
  let t0 = Number.NaN;
  const shared = {
    broadcasts,
    performances,
    connections,
    clock,
    timelines: timelines(performances),
    keepRecord: records.put,
    log: () => {},
    post: async (_: string, text: string) => {
      const frame = parseFrame(text)!;
      if (frame.type === 'hello') t0 = frame.t0 ?? Number.NaN;
      if (frame.type === 'chunk' && frame.seq === 0) {
        const firstNoteAt = t0 + frame.notes[0]![0];
        heard.push({ at: clock.now(), t0, broadcast: frame.broadcast, firstNoteAt });
      }
      return 'sent' as const;
    },
  };

  let owner = 0;
  const outcomes: string[] = [];
  const wake = async (id: string): Promise<void> => {
    const plan = planOf(id, [window], ZONE, clock.now());
    if (!plan) return;
    const { startsAt, wanted, next } = plan;
    await performances.create(stored(wanted, scale(20_000)));
    await broadcasts.schedule({ id, startsAt, wanted, next });
    outcomes.push(await broadcast(id, `owner ${++owner}`, shared));
  };

  const random = lateness();
  const exact = memoryTimer(clock, (id) => wake(id), fail);
  const again = memoryTimer(clock, (id) => wake(id), fail);
  const late: Timer = {
    ...exact,
    async arm(id, reason, instant) {
      const first = await exact.arm(id, reason, instant + Math.floor(random() * 60_000));
      if (first === 'armed' && random() < 0.3) {
        await again.arm(id, reason, instant + Math.floor(random() * 60_000));
      }
      return first;
    },
  };
  for (let day = 0; day < DAYS; day++) {
    // Twice a day, as a daily compose and an operator would.
    for (const hours of [0, 6]) {
      await clock.runTo(from.plus({ days: day, hours }).toMillis());
      await arm([window], { timer: late, broadcasts, clock });
    }
  }
  await clock.runTo(from.plus({ days: DAYS }).toMillis());

  const expected = Array.from({ length: DAYS }, (_, day) =>
    from.plus({ days: day }).set({ hour: 20 }).toMillis(),
  );
  const booked = [...(await records.list())].reverse();
  expect(booked.map(({ startsAt }) => startsAt)).toEqual(expected);
  for (const { state, startLatenessMs, chunkSha256, epoch } of booked) {
    expect(state).toBe('ended');
    expect(startLatenessMs).toBeGreaterThanOrEqual(0);
    expect(startLatenessMs).toBeLessThanOrEqual(5);
    expect(chunkSha256).toHaveLength(2);
    expect(epoch).toBe(1);
  }
  expect(heard.map(({ firstNoteAt }) => firstNoteAt)).toEqual(expected);
  expect(heard.map((first) => first.t0)).toEqual(expected);
  // Posted two minutes ahead of its time at the earliest, and before it in any case.
  for (const { at, t0 } of heard) {
    expect(at).toBeGreaterThanOrEqual(t0 - 2 * MINUTE_MS);
    expect(at).toBeLessThanOrEqual(t0);
  }
  expect(new Set(heard.map(({ broadcast }) => broadcast)).size).toBe(DAYS);
  expect(outcomes.filter((outcome) => outcome === 'ended').length).toBeGreaterThanOrEqual(DAYS);
});

function fail(error: unknown): never {
  throw error;
}
