import { describe, expect, test } from '@jest/globals';
import { Temporal } from 'temporal-polyfill';
import { memoryBroadcasts } from '../../src/adapters/memory/memory.ts';
import { broadcastId } from '../../src/broadcast/id.ts';
import {
  clockChanges,
  describeRule,
  findConflict,
  isTimeZone,
  nearestTimeZone,
  nextDaily,
  type Occurrence,
  occurrences,
  parseCron,
  parseWindow,
  resolveWall,
  underWay,
} from '../../src/schedule/index.ts';
import { arm } from '../../src/station/arm.ts';
import { aWindow, EVERY_DAY } from '../support/windows.ts';

const NOW = Date.parse('2026-11-21T06:00Z');
const iso = (at: number) => new Date(at).toISOString();

describe('cron', () => {
  const dates = (expression: string, n = 4) => {
    const found: string[] = [];
    for (const { local } of occurrences(
      aWindow({ rule: { kind: 'cron', expression }, timeZone: 'UTC' }),
      NOW,
    ) as Iterable<Occurrence>) {
      if (found.push(local.slice(0, 16)) === n) break;
    }
    return found;
  };

  test('where day of month and day of week are both given, either suffices', () =>
    expect(dates('0 20 1 * fri', 4)).toEqual([
      '2026-11-27T20:00',
      '2026-12-01T20:00',
      '2026-12-04T20:00',
      '2026-12-11T20:00',
    ]));
  test('where one of them is *, the other decides alone', () => {
    expect(dates('0 20 * * fri', 2)).toEqual(['2026-11-27T20:00', '2026-12-04T20:00']);
    expect(dates('0 20 13 * *', 2)).toEqual(['2026-12-13T20:00', '2027-01-13T20:00']);
  });
  test('0 and 7 are Sunday, names count, ranges and steps too', () => {
    expect(dates('0 9 * * 0', 1)).toEqual(dates('0 9 * * 7', 1));
    expect(dates('0 9 * * sun', 1)).toEqual(['2026-11-22T09:00']);
    expect(dates('30 8-10 * jan mon-wed', 4)).toEqual([
      '2027-01-04T08:30',
      '2027-01-04T09:30',
      '2027-01-04T10:30',
      '2027-01-05T08:30',
    ]);
    expect(dates('*/20 7 * * *', 4)).toEqual([
      '2026-11-21T07:00',
      '2026-11-21T07:20',
      '2026-11-21T07:40',
      '2026-11-22T07:00',
    ]);
    expect(dates('50/5 7 * * *', 3)).toEqual(['2026-11-21T07:50', '2026-11-21T07:55', '2026-11-22T07:50']);
  });
  test.each([
    ['0 20 * *', 'it has 4 fields'],
    ['60 20 * * *', '"60" is no minute: give 0 to 59'],
    ['0 24 * * *', '"24" is no hour: give 0 to 23'],
    ['0 20 0 * *', '"0" is no day of month: give 1 to 31'],
    ['0 20 * 13 *', '"13" is no month: give 1 to 12'],
    ['0 20 * * mondays', '"mondays" is no day of week'],
    ['0 20 * * monkey', '"monkey" is no day of week: give 0 to 7, sun to sat'],
    ['0 20 * * fri-nix', '"fri-nix" is no day of week'],
    ['0 22-2 * * *', '"22-2" is no hour'],
    ['0 20 28-3 * *', '"28-3" is no day of month'],
    ['0/0 20 * * *', '"0/0" is no minute'],
    ['*-5 20 * * *', '"*-5" is no minute'],
    ['0 20 30 2 *', 'none of its months has such a day'],
  ])('%s: refused', (expression, problem) => {
    const parsed = parseCron(expression);
    expect('problem' in parsed && parsed.problem).toContain(problem);
  });
});

describe('time zones', () => {
  test.each([
    ['Europe/Berln', 'Europe/Berlin'],
    ['berlin', 'Europe/Berlin'],
    ['America/New York', 'America/New_York'],
    ['Asia/Kolkatta', 'Asia/Kolkata'],
    ['Austalia/Lord_Howe', 'Australia/Lord_Howe'],
    ['Africa/Casablanka', 'Africa/Casablanca'],
    ['Pacific/Apya', 'Pacific/Apia'],
    ['UCT+', 'UTC'],
  ])('%s: the nearest is %s', (wrong, right) => expect(nearestTimeZone(wrong)).toBe(right));
  test('names are known in any case, old ones too; offsets are none', () => {
    expect(['europe/berlin', 'Asia/Kolkata', 'Asia/Calcutta', 'UTC'].every(isTimeZone)).toBe(true);
    expect(['+02:00', 'Berlin', '', 'Europe/Berln'].some(isTimeZone)).toBe(false);
  });
});

describe('clocks that change', () => {
  test('a gap names the nearest real times, an overlap both', () => {
    const gap = resolveWall(Temporal.PlainDateTime.from('2027-10-03T02:15'), 'Australia/Lord_Howe');
    // Half an hour only: 02:00 becomes 02:30.
    expect(gap.kind === 'gap' && [iso(gap.before), iso(gap.after)]).toEqual([
      '2027-10-02T15:29:00.000Z',
      '2027-10-02T15:30:00.000Z',
    ]);
    const overlap = resolveWall(Temporal.PlainDateTime.from('2027-10-31T02:30'), 'Europe/Berlin');
    expect(overlap.kind === 'overlap' && [iso(overlap.at), iso(overlap.second)]).toEqual([
      '2027-10-31T00:30:00.000Z',
      '2027-10-31T01:30:00.000Z',
    ]);
  });
  test('a recurring window tells what they do to it', () => {
    const night = aWindow({ rule: { kind: 'daily', at: '02:30', days: EVERY_DAY } });
    expect(clockChanges(night, NOW)).toEqual([
      { kind: 'gap', date: '2027-03-28', time: '02:30' },
      { kind: 'overlap', date: '2027-10-31', time: '02:30' },
    ]);
    expect(clockChanges(aWindow(), NOW)).toEqual([]);
    expect(clockChanges({ ...night, lastDate: '2027-03-27' }, NOW)).toEqual([]);
  });
  test('the daily default follows the same rule', () => {
    const next = nextDaily('02:30', 'Europe/Berlin', Date.parse('2027-03-27T12:00Z'));
    expect(iso(next)).toBe('2027-03-29T00:30:00.000Z');
  });
});

describe('overlaps of windows', () => {
  const at = (time: string, fields = {}) =>
    aWindow({
      id: `at-${time.replace(':', '')}`,
      rule: { kind: 'daily', at: time, days: EVERY_DAY },
      ...fields,
    });

  test('the doors of the later may open when the earlier is over, and not a minute before', () => {
    // 15 minutes of limit and 5 of doors.
    expect(findConflict(at('20:20'), [at('20:00')], NOW)).toBeNull();
    expect(findConflict(at('20:19'), [at('20:00')], NOW)).toMatchObject({
      earlier: { window: 'at-2000' },
      later: { window: 'at-2019' },
    });
    expect(findConflict(at('19:40'), [at('20:00')], NOW)).toBeNull();
    expect(findConflict(at('19:41'), [at('20:00')], NOW)).toMatchObject({ earlier: { window: 'at-1941' } });
  });
  test('two zones that meet only after a change of clocks are found', () => {
    // 20:00 in Berlin is 14:00 in New York, but 15:00 for the two weeks in which New York alone has changed.
    const conflict = findConflict(at('15:00', { timeZone: 'America/New_York' }), [at('20:00')], NOW);
    expect(conflict?.earlier.local.slice(0, 10)).toBe('2027-03-14');
  });
  test('a window that meets itself is found, one that is edited does not meet its former self', () => {
    const often = aWindow({ id: 'often', rule: { kind: 'cron', expression: '*/15 * * * *' } });
    expect(findConflict(often, [], NOW)).toMatchObject({
      earlier: { window: 'often' },
      later: { window: 'often' },
    });
    expect(findConflict(at('20:05', { id: 'a' }), [at('20:00', { id: 'a' })], NOW)).toBeNull();
  });
  test('a one-off years ahead is compared with what plays then', () => {
    const once = aWindow({ id: 'once', rule: { kind: 'once', at: '2030-07-01T20:10' } });
    expect(findConflict(once, [at('20:00')], NOW)).toMatchObject({ later: { window: 'once' } });
  });
  test('a broadcast is under way from its doors to its limit', () => {
    const t0 = Date.parse('2026-11-21T19:00Z');
    const minute = 60_000;
    const when = (now: number) => underWay(aWindow(), now)?.startsAt ?? null;
    expect(when(t0 - 5 * minute - 1)).toBeNull();
    expect(when(t0 - 5 * minute)).toBe(t0);
    expect(when(t0 + 15 * minute - 1)).toBe(t0);
    expect(when(t0 + 15 * minute)).toBeNull();
  });
});

describe('arming', () => {
  const armedAt = async (now: number, known: boolean) => {
    const broadcasts = memoryBroadcasts();
    const startsAt = Date.parse('2026-11-21T19:00Z');
    const id = broadcastId('evening-test', startsAt);
    if (known) await broadcasts.schedule({ id, startsAt, wanted: '2026-11-21', next: null });
    const armed: string[] = [];
    const timer = {
      arm: async (broadcast: string, reason: string, at: number) => {
        if (broadcast === id) armed.push(`${reason} ${iso(at).slice(11, 16)}`);
        return 'armed' as const;
      },
      disarm: async () => {},
      armed: async () => [],
    };
    await arm([aWindow()], { timer, broadcasts, clock: { now: () => now } });
    return armed;
  };

  test('doors five minutes before T0, a check a minute after', async () =>
    expect(await armedAt(NOW, false)).toEqual(['doors 18:55', 'check 19:01']));
  test('a window written within the five minutes opens its doors at once, but not twice', async () => {
    const late = Date.parse('2026-11-21T18:57Z');
    expect(await armedAt(late, false)).toEqual(['doors 18:55', 'check 19:01']);
    expect(await armedAt(late, true)).toEqual(['check 19:01']);
  });
  test('after T0 only the check is armed, and after the check nothing', async () => {
    expect(await armedAt(Date.parse('2026-11-21T19:00:30Z'), true)).toEqual(['check 19:01']);
    expect(await armedAt(Date.parse('2026-11-21T19:01:00Z'), true)).toEqual([]);
  });
});

test('a window that was written by hand, or by a later version, is refused with the field named', () => {
  const bad = (fields: object) => {
    const parsed = parseWindow({ ...aWindow(), ...fields });
    return 'problem' in parsed ? parsed.problem : 'taken';
  };
  expect(bad({})).toBe('taken');
  expect(bad({ schema: 2 })).toContain('"schema"');
  expect(bad({ timeZone: 'Mars/Olympus' })).toContain('"timeZone": not an IANA time zone');
  expect(bad({ rule: { kind: 'cron', expression: '* *' } })).toContain('not a cron expression');
  expect(bad({ rule: { kind: 'daily', at: '24:00', days: [1] } })).toContain('not a time of day');
  expect(bad({ id: '../evening' })).toContain('"id"');
  expect(bad({ limitMinutes: 0 })).toContain('"limitMinutes"');
});

test('rules are told in words', () => {
  expect(describeRule({ kind: 'daily', at: '20:00', days: EVERY_DAY })).toBe('every day at 20:00');
  expect(describeRule({ kind: 'daily', at: '20:00', days: [7, 5] })).toBe('fri, sun at 20:00');
  expect(describeRule({ kind: 'sky', event: 'sunset', latitude: -33.9, longitude: 18.4 })).toBe(
    'every sunset at 33.9°S 18.4°E',
  );
  expect(describeRule({ kind: 'sky', event: 'full-moon', latitude: 0, longitude: 0 })).toBe(
    'every full moon',
  );
});
