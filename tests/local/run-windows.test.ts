import { expect, jest, test } from '@jest/globals';
import { memoryBroadcasts } from '../../src/adapters/memory/memory.ts';
import { runWindows } from '../../src/local/run-windows.ts';
import type { Window } from '../../src/schedule/index.ts';
import type { Plan } from '../../src/station/arm.ts';
import { fakeClock } from '../support/fake-clock.ts';
import { aWindow, EVERY_DAY } from '../support/windows.ts';

// A busy machine is no failure.
jest.setTimeout(120_000);

const START = Date.parse('2026-11-21T18:00Z');
const HOUR_MS = 3_600_000;
const at = (time: string, fields: Partial<Window> = {}) =>
  aWindow({ id: 'evening', rule: { kind: 'daily', at: time, days: EVERY_DAY }, timeZone: 'UTC', ...fields });

/** A local station's timing on a clock of its own: what it played, and what it composed before. */
function station(first: readonly Window[], lookMs = 300_000) {
  const clock = fakeClock(START);
  const broadcasts = memoryBroadcasts();
  const stop = new AbortController();
  const played: (Plan & { readonly wokenAt: number })[] = [];
  const ensured: [string, number][] = [];
  const log: string[] = [];
  let read: () => Promise<readonly Window[]> = async () => first;
  const running = runWindows(
    {
      readWindows: () => read(),
      broadcasts,
      clock,
      log: (event) => log.push(event),
      async play(plan) {
        played.push({ ...plan, wokenAt: clock.now() });
        await broadcasts.schedule({
          id: plan.id,
          startsAt: plan.startsAt,
          wanted: plan.wanted,
          next: plan.next,
        });
        return 'ended';
      },
      ensure: async (date, minutes) => {
        ensured.push([date, minutes]);
      },
      timeZone: 'UTC',
      lookMs,
    },
    stop.signal,
  ).catch((error: unknown) => error);
  return {
    clock,
    played,
    ensured,
    log,
    setWindows: (windows: readonly Window[]) => {
      read = async () => windows;
    },
    breakWindows: () => {
      read = () => Promise.reject(new Error('evening.json is not a window'));
    },
    runTo: (iso: string) => clock.runTo(Date.parse(iso)),
    /** Broadcasts by their T0, each once, however often it was woken. */
    starts: () => [...new Set(played.map(({ startsAt }) => new Date(startsAt).toISOString().slice(0, 16)))],
    async end() {
      stop.abort(new Error('over'));
      return running;
    },
  };
}

test('each day once, woken five minutes before T0, composed before, told what comes next', async () => {
  const { runTo, starts, played, ensured, end } = station([at('20:00')]);
  await runTo('2026-11-23T12:00Z');
  expect(starts()).toEqual(['2026-11-21T20:00', '2026-11-22T20:00']);
  expect(played[0]).toMatchObject({
    id: 'evening@2026-11-21T20:00:00.000Z',
    wokenAt: Date.parse('2026-11-21T19:55Z'),
    wanted: '2026-11-21',
    next: Date.parse('2026-11-22T20:00Z'),
    stopAt: Date.parse('2026-11-21T20:15Z'),
  });
  expect(ensured[0]).toEqual(['2026-11-21', 15]);
  await end();
});

test('a window that is moved plays at its new time, not at the old; one that is cancelled not at all', async () => {
  const { runTo, setWindows, starts, log, end } = station([at('20:00')]);
  await runTo('2026-11-21T19:00Z');
  setWindows([at('21:30')]);
  await runTo('2026-11-21T22:00Z');
  expect(starts()).toEqual(['2026-11-21T21:30']);
  setWindows([]);
  await runTo('2026-11-24T12:00Z');
  expect(starts()).toEqual(['2026-11-21T21:30']);
  // Their timers were taken back; none fired for nothing.
  expect(log).not.toContain('broadcast.dropped');
  await end();
});

test('a window added less than five minutes before its T0 opens its doors within seconds', async () => {
  const { runTo, setWindows, played, end } = station([], 10_000);
  await runTo('2026-11-21T19:57:30Z');
  setWindows([at('20:00')]);
  await runTo('2026-11-21T20:30Z');
  expect(new Date(played[0]!.wokenAt).toISOString()).toMatch(/^2026-11-21T19:57:[34]0/);
  expect(new Set(played.map(({ id }) => id)).size).toBe(1);
  await end();
});

test('a fixed performance is played, and nothing is composed for it', async () => {
  const { runTo, played, ensured, end } = station([at('20:00', { performance: '2026-11-01' })]);
  await runTo('2026-11-21T21:00Z');
  expect(played[0]?.wanted).toBe('2026-11-01');
  expect(ensured).toEqual([]);
  await end();
});

test('a store that cannot be read is told, and what was read before stays in force', async () => {
  const { runTo, breakWindows, setWindows, log, starts, clock, end } = station([at('20:00')]);
  await clock.runTo(START + HOUR_MS);
  breakWindows();
  await clock.runTo(START + 2 * HOUR_MS);
  expect(log).toContain('windows.unreadable');
  setWindows([at('20:00')]);
  await runTo('2026-11-21T21:00Z');
  expect(starts()).toEqual(['2026-11-21T20:00']);
  await end();
});

test('aborted, it ends, and no timer fires any more', async () => {
  const { runTo, starts, end } = station([at('20:00')]);
  await runTo('2026-11-21T19:00Z');
  expect(await end()).toMatchObject({ message: 'over' });
  await runTo('2026-11-22T21:00Z');
  expect(starts()).toEqual([]);
});
