import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { DateTime } from 'luxon';
import { withStores } from '../../support/data.ts';
import { inProcess, jsonLines } from '../../support/in-process.ts';
import { scale, stored } from '../../support/music.ts';

let data: string;
beforeEach(async () => {
  // An hour at which none of these windows is on the air: what is cannot be changed.
  jest.spyOn(Date, 'now').mockReturnValue(Date.parse('2026-11-25T12:00Z'));
  data = await mkdtemp(join(tmpdir(), 'pianola-schedule-'));
});
afterEach(() => {
  jest.restoreAllMocks();
  return rm(data, { recursive: true, force: true });
});

const schedule = (...args: string[]) => inProcess(['schedule', ...args, '--data', data]);
const add = async (...args: string[]) => {
  const { code, stdout, stderr } = await schedule('add', ...args, '--json');
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return JSON.parse(stdout);
};

test("the manual's own examples work in their order, on one station", async () => {
  const manual = await readFile('docs/command-line.md', 'utf8');
  const examples = [...manual.matchAll(/^ {4}pianola schedule (.+)$/gm)].map(([, line]) => line!);
  expect(examples.length).toBeGreaterThanOrEqual(4);
  for (const line of examples) {
    const args = [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare!);
    expect({ line, ...(await schedule(...args)) }).toMatchObject({ line, code: 0 });
  }
  expect(jsonLines((await schedule('list', '--json')).stdout)).toHaveLength(examples.length);
});

test('a sunset lives beside a Friday evening at a lower priority, which tells what it leaves out', async () => {
  const { id } = await add('--at', '20:00', '--on', 'fri', '--tz', 'Europe/Berlin');
  const sunset = ['--sky', 'sunset', '--lat', '52.52', '--lon', '13.4', '--tz', 'Europe/Berlin'];
  const refused = await schedule('add', ...sunset);
  expect(refused.code).toBe(5);
  expect(refused.stderr).toContain('let one go before the other with --priority');
  const added = await schedule('add', ...sunset, '--priority=-1');
  expect(added.code).toBe(0);
  expect(added.stderr).toMatch(
    new RegExp(`Note: (sunset-\\w+) is left out \\d+ times in the next 400 days, where ${id} goes before it`),
  );
  expect(
    (await schedule('add', '--at', '20:00', '--on', 'fri', '--tz', 'Europe/Berlin', '--priority=-2')).code,
  ).toBe(2);
});

describe('windows', () => {
  test('a window is added, listed, shown, changed and cancelled', async () => {
    const { id, version } = await add(
      '--at',
      '20:00',
      '--tz',
      'Europe/Berlin',
      '--title',
      'Abendmusik – für Ünal',
    );
    expect(id).toMatch(/^abendmusik-fur-unal-[a-z0-9]{5}$/);
    expect(version).toBe(1);
    expect(jsonLines((await schedule('list', '--json')).stdout)).toMatchObject([
      {
        id,
        version: 1,
        rule: { kind: 'daily', at: '20:00' },
        timeZone: 'Europe/Berlin',
        next: { local: expect.stringContaining('T20:00:00+') },
      },
    ]);
    expect((await schedule('show', id)).stdout).toContain('every day at 20:00');
    const edited = await schedule('edit', id, '--at', '21:15', '--on', 'fri,sat', '--json');
    expect(JSON.parse(edited.stdout)).toMatchObject({ id, version: 2, rule: { at: '21:15', days: [5, 6] } });
    expect(JSON.parse(edited.stdout).title).toBe('Abendmusik – für Ünal');
    const cancelled = await schedule('cancel', id, '--yes', '--json');
    expect(JSON.parse(cancelled.stdout)).toMatchObject({ id, cancelled: true });
    expect((await schedule('list', '--json')).stdout).toBe('');
    expect((await schedule('show', id)).code).toBe(3);
  });

  test('times are printed in the zone of the window and in UTC', async () => {
    await add('--once', '2027-01-05T20:00', '--tz', 'Asia/Kolkata');
    expect((await schedule('next')).stdout).toMatch(
      /^Tue 2027-01-05 20:00 Asia\/Kolkata \(Tue 2027-01-05 14:30 UTC\) {2}once-/,
    );
  });

  test('zones are taken in any case, and stored as the database spells them', async () =>
    expect((await add('--at', '20:00', '--tz', 'europe/berlin')).timeZone).toBe('Europe/Berlin'));

  test('an instant with an offset becomes what the clocks of the zone show', async () =>
    expect((await add('--once', '2027-01-05T20:00:00Z', '--tz', 'Asia/Kolkata')).rule.at).toBe(
      '2027-01-06T01:30',
    ));

  test('a dry run shows the same and writes nothing', async () => {
    const { stdout } = await schedule('add', '--at', '20:00', '--tz', 'UTC', '--dry-run', '--json');
    expect(JSON.parse(stdout)).toMatchObject({ version: 1, written: false });
    expect((await schedule('list', '--json')).stdout).toBe('');
    const { id } = await add('--at', '20:00', '--tz', 'UTC');
    await schedule('edit', id, '--at', '21:00', '--dry-run');
    await schedule('cancel', id, '--dry-run');
    expect(jsonLines((await schedule('list', '--json')).stdout)).toMatchObject([
      { id, version: 1, rule: { at: '20:00' } },
    ]);
  });

  test('without any, the daily default is what comes; the first one ends it', async () => {
    const [first] = jsonLines((await schedule('next', '-n', '1', '--json')).stdout);
    expect(first.window).toBe('daily');
    expect(first.local).toContain('T20:00:00');
    expect((await schedule('list', '--json')).stdout).toBe('');
    const { id } = await add('--at', '07:00', '--tz', 'UTC');
    expect(new Set(jsonLines((await schedule('next', '--json')).stdout).map(({ window }) => window))).toEqual(
      new Set([id]),
    );
  });

  test('a fixed performance must be there, and not be longer than the limit', async () => {
    const fixed = (...args: string[]) =>
      schedule('add', '--at', '20:00', '--performance', '2026-11-20', ...args);
    const missing = await fixed();
    expect(missing.code).toBe(3);
    expect(missing.stderr).toMatch(
      /no performance of 2026-11-20 .* there is none yet: give --performance today/,
    );
    await withStores(data, ({ performances }) => performances.create(stored('2026-11-20', scale(150_000))));
    const long = await fixed('--limit', '2');
    expect(long.code).toBe(2);
    expect(long.stderr).toMatch(/lasts 2\.5 minutes, the window's limit is 2: give --limit 3/);
    expect((await fixed('--limit', '3')).code).toBe(0);
  });
});

describe('refusals', () => {
  test('a time in a spring gap names the two nearest real times: 2', async () => {
    const { code, stderr } = await schedule('add', '--once', '2027-03-28T02:30', '--tz', 'Europe/Berlin');
    expect(code).toBe(2);
    expect(stderr).toContain('Sun 2027-03-28 01:59 Europe/Berlin (Sun 2027-03-28 00:59 UTC)');
    expect(stderr).toContain('Sun 2027-03-28 03:00 Europe/Berlin (Sun 2027-03-28 01:00 UTC)');
  });

  test('a time in an autumn overlap is taken, the first, and the fact is printed', async () => {
    const { code, stderr } = await schedule('add', '--once', '2027-10-31T02:30', '--tz', 'Europe/Berlin');
    expect(code).toBe(0);
    expect(stderr).toContain('(Sun 2027-10-31 00:30 UTC)');
    expect(stderr).toContain('02:30 comes twice on 2027-10-31 (clocks go back): the first is taken');
  });

  test('a recurring window prints what clock changes do to it', async () => {
    const { stderr } = await schedule('add', '--at', '02:30', '--tz', 'Europe/Berlin');
    expect(stderr).toContain('02:30 does not exist on 2027-03-28 (clocks go forward): no broadcast that day');
  });

  test('an overlap names both windows: 5', async () => {
    const first = await add('--at', '20:00', '--tz', 'UTC', '--title', 'First');
    const { code, stderr } = await schedule('add', '--at', '20:10', '--tz', 'UTC', '--title', 'Second');
    expect(code).toBe(5);
    expect(stderr).toContain(`${first.id} “First” and second-`);
    expect(stderr).toContain('“Second” overlap');
    const other = await add('--at', '21:00', '--tz', 'UTC');
    expect((await schedule('edit', other.id, '--at', '19:50')).code).toBe(5);
  });

  test("a second operator's stale edit is refused, with the difference shown: 5", async () => {
    const { id } = await add('--at', '20:00', '--tz', 'UTC');
    await schedule('edit', id, '--at', '21:00', '--if-version', '1');
    const stale = await schedule(
      'edit',
      id,
      '--at',
      '22:00',
      '--title',
      'Mine',
      '--if-version',
      '1',
      '--json',
    );
    expect(stale.code).toBe(5);
    const { code, message } = JSON.parse(stale.stderr).error;
    expect(code).toBe('stale');
    expect(message).toContain('it is at version 2');
    expect(message).toContain('rule: stored every day at 21:00, yours every day at 22:00');
    expect(message).toContain('title: stored , yours Mine');
    expect((await schedule('edit', id, '--at', '22:00', '--if-version', '1', '--dry-run')).code).toBe(5);
    expect((await schedule('cancel', id, '--yes', '--if-version', '1')).code).toBe(5);
    expect(jsonLines((await schedule('list', '--json')).stdout)).toMatchObject([
      { version: 2, rule: { at: '21:00' } },
    ]);
  });

  test('a window is not changed once its doors are open: 5', async () => {
    const inTwoMinutes = DateTime.utc().plus({ minutes: 2 }).startOf('minute');
    const { id } = await add('--once', inTwoMinutes.toFormat("yyyy-MM-dd'T'HH:mm"), '--tz', 'UTC');
    for (const args of [
      ['edit', id, '--title', 'late'],
      ['cancel', id, '--yes'],
    ]) {
      const { code, stderr } = await schedule(...args);
      expect(code).toBe(5);
      expect(stderr).toContain('has its doors open or plays');
    }
  });

  test('an unknown window: 3; an edit that changes nothing: 2', async () => {
    for (const args of [
      ['show', 'nobody'],
      ['edit', 'nobody', '--at', '20:00'],
      ['cancel', 'nobody'],
      ['next', 'nobody'],
    ]) {
      const { code, stderr } = await schedule(...args);
      expect({ args, code }).toEqual({ args, code: 3 });
      expect(stderr).toContain('there is no window nobody: pianola schedule list shows them');
    }
    const { id } = await add('--at', '20:00', '--tz', 'UTC');
    expect((await schedule('edit', id)).stderr).toContain('this would change nothing');
  });
});

test('schedule next -n 400 over six zones, inside and outside gaps, is what luxon makes of it', async () => {
  const WINDOWS = [
    ['Europe/Berlin', '02:30'],
    ['America/New_York', '02:30'],
    ['Asia/Kolkata', '20:00'],
    ['Australia/Lord_Howe', '02:15'],
    ['Africa/Casablanca', '02:05'],
    ['Pacific/Apia', '12:00'],
  ] as const;
  const FIRST = '2027-01-01';
  const ids = new Map<string, number[]>();
  for (const [tz, at] of WINDOWS) {
    const { id } = await add('--at', at, '--tz', tz, '--first-date', FIRST, '--limit', '5');
    const [hour, minute] = at.split(':').map(Number) as [number, number];
    const expected: number[] = [];
    for (let i = 0; i < 430; i++) {
      const { year, month, day } = DateTime.fromISO(FIRST, { zone: 'UTC' }).plus({ days: i });
      const [first] = DateTime.fromObject({ year, month, day, hour, minute }, { zone: tz })
        .getPossibleOffsets()
        .filter((candidate) => candidate.hour === hour && candidate.minute === minute)
        .map((candidate) => candidate.toMillis())
        .sort((a, b) => a - b);
      if (first !== undefined) expected.push(first);
    }
    ids.set(id, expected);
  }
  for (const [id, expected] of ids) {
    const found = jsonLines((await schedule('next', id, '-n', '400', '--json')).stdout);
    expect(found).toHaveLength(400);
    expect(found.map(({ startsAt }) => startsAt)).toEqual(expected.slice(0, 400));
    for (const { startsAt, local, window } of found) {
      expect(window).toBe(id);
      expect(Date.parse(local)).toBe(startsAt);
    }
  }
  const merged = jsonLines((await schedule('next', '-n', '400', '--json')).stdout);
  const expected = [...ids].flatMap(([window, all]) => all.map((startsAt) => ({ window, startsAt })));
  expect(merged.map(({ window, startsAt }) => ({ window, startsAt }))).toEqual(
    expected.sort((a, b) => a.startsAt - b.startsAt).slice(0, 400),
  );
});
