/** Cases of time: clocks that change, are set, or stand still, and what operators write about days. */
import { afterEach, describe, expect, test } from '@jest/globals';
import { memoryBroadcasts } from '../../src/adapters/memory/memory.ts';
import { memoryWindows } from '../../src/adapters/memory/windows.ts';
import { daysOption } from '../../src/cli/commands/schedule/options.ts';
import { playFirst } from '../../src/cli/commands/start/first.ts';
import {
  machineTimeZone,
  occurrences,
  parseCron,
  parseWindow,
  type Window,
} from '../../src/schedule/index.ts';
import { saveWindow } from '../../src/station/change-windows.ts';
import { inProcess } from '../support/in-process.ts';
import { type Event, killedAndStarted, timedStation } from '../support/timed-station.ts';
import { aWindow, EVERY_DAY } from '../support/windows.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const NOW = Date.parse('2026-11-21T06:00Z');

const startsOf = (window: Window, after: string, n: number): string[] => {
  const found: string[] = [];
  for (const { startsAt } of occurrences(window, Date.parse(after))) {
    if (found.push(new Date(startsAt).toISOString()) === n) break;
  }
  return found;
};
const once = (at: string, timeZone = 'Europe/Berlin') => aWindow({ rule: { kind: 'once', at }, timeZone });
const daily = (at: string, fields: Partial<Window> = {}) =>
  aWindow({ rule: { kind: 'daily', at, days: EVERY_DAY }, ...fields });
const save = (window: Window, windows = memoryWindows(), expected = 0) =>
  saveWindow(window, expected, {
    windows,
    broadcasts: memoryBroadcasts(),
    clock: { now: () => NOW },
    timer: { arm: async () => 'armed', disarm: async () => {}, armed: async () => [] },
    otherwise: null,
    prepareSoon: async () => {},
  });

describe('clocks that go forward and back', () => {
  test('case 56: a time in a gap is refused with the two nearest; a daily window leaves that day out, and says so', async () => {
    expect(await save(once('2027-03-28T02:30'))).toEqual({
      refused: 'gap',
      before: Date.parse('2027-03-28T00:59Z'),
      after: Date.parse('2027-03-28T01:00Z'),
    });
    const saved = await save(daily('02:30'));
    expect(saved).toMatchObject({
      clockChanges: expect.arrayContaining([{ kind: 'gap', date: '2027-03-28', time: '02:30' }]),
    });
    expect(startsOf(daily('02:30'), '2027-03-27T00:00Z', 2)).toEqual([
      '2027-03-27T01:30:00.000Z',
      '2027-03-29T00:30:00.000Z',
    ]);
  });

  test('case 57: a time that comes twice is played once, the first of the two, and that is said', async () => {
    expect(startsOf(daily('02:30'), '2026-10-24T12:00Z', 2)).toEqual([
      '2026-10-25T00:30:00.000Z',
      '2026-10-26T01:30:00.000Z',
    ]);
    expect(await save(daily('02:30'))).toMatchObject({
      clockChanges: expect.arrayContaining([{ kind: 'overlap', date: '2027-10-31', time: '02:30' }]),
    });
  });

  test('case 58: 29 February comes in leap years alone, and no second is the sixtieth', async () => {
    const leap = aWindow({ rule: { kind: 'cron', expression: '0 20 29 2 *' }, timeZone: 'UTC' });
    expect(startsOf(leap, '2096-03-01T00:00Z', 2)).toEqual([
      '2104-02-29T20:00:00.000Z',
      '2108-02-29T20:00:00.000Z',
    ]);
    for (const [option, value] of [
      ['--once', '2027-02-29T20:00'],
      ['--once', '2026-12-31T23:59:60'],
      ['--at', '20:60'],
      ['--at', '20:00:60'],
    ] as const) {
      const { code } = await inProcess(['schedule', 'add', option, value]);
      expect({ value, code }).toEqual({ value, code: 2 });
    }
    expect(parseWindow(once('2027-02-29T20:00'))).toHaveProperty('problem');
    expect(parseCron('0 20 30 2 *')).toEqual({ problem: 'none of its months has such a day' });
  });
});

describe('two operators', () => {
  test('case 60: of two edits of one version the second is refused, and told what differs', async () => {
    const windows = memoryWindows();
    await save(daily('20:00'), windows);
    expect(await save(daily('21:00'), windows, 1)).toMatchObject({ stored: { version: 2 } });
    expect(await save(daily('22:00'), windows, 1)).toMatchObject({
      refused: 'stale',
      stored: { version: 2 },
      differences: [{ field: 'rule', stored: 'every day at 21:00', yours: 'every day at 22:00' }],
    });
  });

  test('case 61: a window that would meet another is refused, with both and when', async () => {
    const windows = memoryWindows();
    await save(daily('20:00', { id: 'evening' }), windows);
    expect(await save(daily('20:19', { id: 'later' }), windows)).toMatchObject({
      refused: 'overlap',
      conflict: { earlier: { window: 'evening' }, later: { window: 'later' } },
    });
    expect(await save(daily('20:20', { id: 'later' }), windows)).toMatchObject({ stored: { version: 1 } });
  });

  test('case 62: a window lasts three hours at most, and a longer one is refused, from the command line and from a file', async () => {
    const { code, stderr } = await inProcess(['schedule', 'add', '--at', '20:00', '--limit', '181']);
    expect({ code, stderr }).toMatchObject({ code: 2, stderr: expect.stringContaining('from 1 to 180') });
    expect(parseWindow(daily('20:00', { limitMinutes: 181 }))).toHaveProperty('problem');
    expect(parseWindow(daily('20:00', { limitMinutes: 180 }))).not.toHaveProperty('problem');
  });
});

describe('weekdays', () => {
  test('case 93: ranges of weekdays mean what they say, over Sunday too; what is no weekday is refused by name', () => {
    expect(daysOption('mon-fri')).toEqual([1, 2, 3, 4, 5]);
    expect(daysOption('sat-sun')).toEqual([6, 7]);
    expect(daysOption('fri-mon')).toEqual([1, 5, 6, 7]);
    expect(daysOption('MON-Wed, Saturday')).toEqual([1, 2, 3, 6]);
    expect(daysOption('tues,thurs')).toEqual([2, 4]);
    expect(daysOption('fri-fri')).toEqual([5]);
    for (const text of ['monkey', 'mon-', '-fri', 'mon-fri-sun', 'm', '', 'mon,,fri', 'mon–fri']) {
      expect(() => daysOption(text)).toThrow(/is no weekday.*Give weekdays like fri, mon,wed,fri or mon-fri/);
    }
    expect(() => daysOption('fri,monkey')).toThrow('"monkey" is no weekday');

    const weekdays = (field: string) => {
      const cron = parseCron(`0 20 * * ${field}`);
      if ('problem' in cron) throw new Error(cron.problem);
      return [1, 2, 3, 4, 5, 6, 7].filter((weekday) => cron.onDate({ day: 1, month: 1, weekday }));
    };
    expect(weekdays('fri-sun')).toEqual([5, 6, 7]);
    expect(weekdays('5-7')).toEqual([5, 6, 7]);
    expect(weekdays('5-0')).toEqual([5, 6, 7]);
    expect(weekdays('MON-FRI')).toEqual([1, 2, 3, 4, 5]);
    expect(weekdays('fri-mon')).toEqual([1, 5, 6, 7]);
    expect(weekdays('6-1')).toEqual([1, 6, 7]);
    expect(weekdays('0-7')).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect(weekdays('fri-mon/2')).toEqual([5, 7]);
    expect(() => weekdays('monkey')).toThrow('"monkey" is no day of week: give 0 to 7, sun to sat');
    expect(parseCron('0 20 1 nov-feb *')).not.toHaveProperty('problem');
  });
});

describe('the zone of the machine', () => {
  test('case 89: TZ that is empty, or names no zone, is refused with what to set', async () => {
    expect(() => machineTimeZone('')).toThrow('TZ is set and empty');
    expect(() => machineTimeZone('Europe/Berln')).toThrow('set it to a name like Europe/Berlin');
    expect(() => machineTimeZone('EST5EDT4')).toThrow('is no IANA time zone');
    expect([machineTimeZone('europe/berlin'), machineTimeZone(':Europe/Berlin')]).toEqual([
      'Europe/Berlin',
      'Europe/Berlin',
    ]);
  });
});

/** The end; the check a minute after T0 finds a broadcaster at work before. */
const over = (events: readonly Event[]): Event | null =>
  events.find(({ event, outcome }) => event === 'broadcast.over' && outcome === 'ended') ?? null;

describe('a station whose machine sleeps, and whose clock is set', () => {
  let open: Awaited<ReturnType<typeof timedStation>>;
  afterEach(() => open.close());
  const T0 = '2026-11-21T20:00';
  const evening = aWindow({ id: 'evening', rule: { kind: 'once', at: T0 }, timeZone: 'UTC' });
  const at = (hhmm: string) => `2026-11-21T${hhmm}Z`;

  test('case 59: T0 is the window’s, however late the machine lets the timer fire', async () => {
    open = await timedStation(at('19:54:55'), [evening]);
    const { time, told } = open;
    await time.pass(1_000);
    time.sleep(59_000);
    await time.pass(6 * MINUTE_MS);
    expect(told('broadcast.starts')).toMatchObject({ broadcast: `evening@${T0}:00.000Z` });
    expect(Number(told('broadcast.starts')?.startLatenessMs)).toBeLessThan(1_000);
  });

  test('case 87: a machine that slept until 30 s before the doors opens them in time, and tells of the sleep', async () => {
    open = await timedStation(at('18:00'), [evening]);
    const { time, told, station } = open;
    await time.pass(MINUTE_MS);
    time.sleep(HOUR_MS + 53.5 * MINUTE_MS);
    await time.pass(20_000);
    expect(told('machine.slept')).toMatchObject({ ms: HOUR_MS + 53.5 * MINUTE_MS });
    expect(told('broadcast.leased')).toBeNull();
    await time.pass(20_000);
    expect((await station.broadcasts.current())?.state).toBe('doors');
    await time.pass(5 * MINUTE_MS);
    expect(Number(told('broadcast.starts')?.startLatenessMs)).toBeLessThan(1_000);
  });

  test('case 87: a machine that slept until two minutes after T0 plays from there, and ends in time', async () => {
    open = await timedStation(at('19:30'), [evening]);
    const { time, told, clock } = open;
    await time.pass(MINUTE_MS);
    time.sleep(31 * MINUTE_MS);
    await time.pass(6_000);
    const late = Number(told('broadcast.starts')?.startLatenessMs);
    expect(late).toBeGreaterThanOrEqual(2 * MINUTE_MS);
    expect(late).toBeLessThan(2 * MINUTE_MS + 6_000);
    await time.pass(2 * MINUTE_MS);
    expect(over(open.events)).not.toBeNull();
    expect(clock.now() - Date.parse(at('20:04'))).toBeLessThanOrEqual(6_000);
  });

  test('case 87: a clock set on or back by an hour before the doors is followed, and told', async () => {
    open = await timedStation(at('17:00'), [evening]);
    const { time, told, station } = open;
    await time.pass(MINUTE_MS);
    time.set(HOUR_MS);
    await time.pass(53 * MINUTE_MS);
    expect(told('clock.set')).toMatchObject({ byMs: HOUR_MS });
    // 18:54 by the clock.
    time.set(HOUR_MS);
    // 19:54
    await time.pass(20_000);
    time.set(-HOUR_MS);
    await time.pass(50 * MINUTE_MS);
    // 19:44: an hour ago it would have been at the doors.
    expect(await station.broadcasts.current()).toBeNull();
    await time.pass(16.5 * MINUTE_MS);
    expect(Number(told('broadcast.starts')?.startLatenessMs)).toBeLessThan(1_000);
  });

  test.each([
    ['on', HOUR_MS],
    ['back', -HOUR_MS],
  ])('a clock set %s while it plays moves no note, and is followed afterwards', async (_, byMs) => {
    open = await timedStation(at('19:54'), [evening]);
    const { time, told, clock, events } = open;
    await time.pass(7 * MINUTE_MS);
    const starts = told('broadcast.starts');
    time.set(byMs);
    await time.pass(4 * MINUTE_MS);
    const ended = over(events);
    expect(ended).not.toBeNull();
    // The music lasts 239 s from its first note to its last, and a look is taken each second.
    expect(Math.abs(Number(ended?.at) - Number(starts?.at) - 239_000)).toBeLessThan(2_000);
    expect(clock.now()).toBe(time.wall());
    expect(events.filter(({ event }) => event === 'clock.set').map(({ followed }) => followed)).toEqual([
      'after the broadcast',
      'at once',
    ]);
  });

  test('case 94: a station started at 19:58:50 plays at 20:00, and nothing before', async () => {
    open = await timedStation(at('19:58:50'));
    const { time, station, told, clock } = open;
    const composed: string[] = [];
    const ensure = async (date: string) => {
      composed.push(date);
      return 240_000;
    };
    await playFirst({ ...station, clock, timeZone: 'UTC', ensure });
    expect(composed).toEqual([]);
    await time.pass(80_000);
    expect(told('broadcast.starts')).toMatchObject({ broadcast: `daily@${T0}:00.000Z` });
    expect(Number(told('broadcast.starts')?.startLatenessMs)).toBeLessThan(1_000);
  });

  test('case 94: what would not be over at the doors is not begun; what is, is, and only once a day', async () => {
    open = await timedStation(at('19:45'));
    const { time, station, clock, events } = open;
    const first = (durationMs: number) =>
      playFirst({ ...station, clock, timeZone: 'UTC', ensure: async () => durationMs });
    await first(10 * MINUTE_MS);
    expect(await station.broadcasts.current()).toBeNull();
    const playing = first(240_000);
    await time.pass(5 * MINUTE_MS);
    await playing;
    await first(240_000);
    await time.pass(20 * MINUTE_MS);
    const started = events.filter(({ event }) => event === 'broadcast.starts').map((each) => each.broadcast);
    expect(started).toEqual(['first@2026-11-21T19:45:15.000Z', `daily@${T0}:00.000Z`]);
  });

  test('case 94: a station that was off at 20:00 and is started at 20:30 plays today’s at once, and says of none that it was played', async () => {
    const before = await timedStation(at('18:00'));
    await before.time.pass(10_000);
    open = await killedAndStarted(before, 2.5 * HOUR_MS);
    const { time, station, clock, events, told } = open;
    await time.pass(2_000);
    expect(told('broadcast.missed')).toMatchObject({ broadcast: `daily@${T0}:00.000Z` });
    expect(await station.records.list()).toMatchObject([{ performance: null, startLatenessMs: null }]);
    const playing = playFirst({ ...station, clock, timeZone: 'UTC', ensure: async () => 240_000 });
    await time.pass(5 * MINUTE_MS);
    await playing;
    const starts = events.filter(({ event }) => event === 'broadcast.starts');
    expect(starts).toMatchObject([{ broadcast: 'first@2026-11-21T20:30:27.000Z' }]);
    expect(await station.records.list()).toMatchObject([
      { performance: '2026-11-21' },
      { performance: null },
    ]);
  });
});
