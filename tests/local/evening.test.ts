/** A real local station through an evening, on a machine's time that the test holds. */
import { mkdirSync, readdirSync, readFileSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import type { Window } from '../../src/schedule/index.ts';
import { cancelWindow, saveWindow } from '../../src/station/change-windows.ts';
import { withStores } from '../support/data.ts';
import { timedStation } from '../support/timed-station.ts';
import { aWindow, EVERY_DAY } from '../support/windows.ts';

const MINUTE_MS = 60_000;
const at = (time: string, fields: Partial<Window> = {}) =>
  aWindow({ id: 'evening', rule: { kind: 'daily', at: time, days: EVERY_DAY }, timeZone: 'UTC', ...fields });

let open: Awaited<ReturnType<typeof timedStation>>;
afterEach(() => open?.close());

/** As the command line does it, from a process of its own. */
const operator = <T>(work: (ports: Parameters<typeof saveWindow>[2]) => Promise<T>): Promise<T> =>
  withStores(open.dataDir, ({ windows, broadcasts, timer }) =>
    work({ windows, broadcasts, timer, clock: open.clock, otherwise: null, prepareSoon: async () => {} }),
  );
const starts = () =>
  open.events.filter(({ event }) => event === 'broadcast.starts').map(({ broadcast }) => broadcast);

test('a window that another process moved is played at its new time, not at the old; doors open in time', async () => {
  open = await timedStation('2026-11-21T19:30:00Z', [at('19:45')]);
  await open.time.pass(5 * MINUTE_MS);
  await operator((ports) => saveWindow(at('19:50'), 1, ports));
  await open.time.pass(25 * MINUTE_MS);
  expect(starts()).toEqual(['evening@2026-11-21T19:50:00.000Z']);
  expect(open.told('broadcast.dropped')).toBeNull();
  expect(open.told('broadcast.leased')?.at).toBeLessThan(Number(open.told('broadcast.starts')?.at) - 299_000);
  expect(open.ensured).toContain('2026-11-21');
});

test('a window that another process cancelled is not played, and its timers are taken back', async () => {
  open = await timedStation('2026-11-21T19:40:00Z', [at('19:50'), at('12:00', { id: 'noon' })]);
  await open.time.pass(MINUTE_MS);
  await operator((ports) => cancelWindow('evening', 1, ports));
  await open.time.pass(12 * MINUTE_MS);
  expect(starts()).toEqual([]);
  expect(open.told('broadcast.dropped')).toBeNull();
});

test('a window added less than five minutes before its T0 opens its doors within seconds, and is composed', async () => {
  open = await timedStation('2026-11-21T19:57:00Z', [at('12:00', { id: 'noon' })]);
  await operator((ports) => saveWindow(at('20:00'), 0, ports));
  await open.time.pass(20_000);
  expect(open.told('broadcast.leased')).toMatchObject({ broadcast: 'evening@2026-11-21T20:00:00.000Z' });
  // Asked for by both looks: the first was still on its way when the window came.
  expect(new Set(open.ensured)).toEqual(new Set(['2026-11-21']));
});

test('a fixed performance is played, and nothing is composed for it', async () => {
  open = await timedStation('2026-11-21T19:54:00Z', [at('20:00', { performance: '2026-11-21' })]);
  await open.time.pass(7 * MINUTE_MS);
  expect(starts()).toEqual(['evening@2026-11-21T20:00:00.000Z']);
  expect(open.ensured).toEqual([]);
});

test('stopped at its window’s limit, as in a cloud', async () => {
  open = await timedStation('2026-11-21T19:54:00Z', [at('20:00', { limitMinutes: 1 })]);
  await open.time.pass(8 * MINUTE_MS);
  expect(open.told('broadcast.limit')).toMatchObject({ broadcast: 'evening@2026-11-21T20:00:00.000Z' });
  expect(open.told('broadcast.over')).toMatchObject({ outcome: 'stopped' });
  expect(await open.station.site.get('2026-11-21/record.json')).toBeNull();
});

test('when it is over, music that was fetched more than three days ago is gone, and what was fetched yesterday is there', async () => {
  open = await timedStation('2026-11-21T19:54:00Z', [at('20:00', { limitMinutes: 1 })]);
  const live = join(open.dataDir, 'site', 'live');
  for (const [name, days] of [
    ['evening-before', 3.01],
    ['evening-yesterday', 1],
  ] as const) {
    mkdirSync(join(live, name), { recursive: true });
    const writtenAt = new Date(Date.now() - days * 86_400_000);
    utimesSync(join(live, name), writtenAt, writtenAt);
  }
  await open.time.pass(5 * MINUTE_MS);
  expect(readdirSync(live)).toEqual(['evening-before', 'evening-yesterday']);
  await open.time.pass(3 * MINUTE_MS);
  expect(open.told('broadcast.over')).toMatchObject({ outcome: 'stopped' });
  expect(readdirSync(live)).toEqual(['evening-yesterday']);
});

test('made public after its end, as in a cloud', async () => {
  open = await timedStation('2026-11-21T19:53:00Z', [at('20:00')]);
  await open.time.pass(12 * MINUTE_MS);
  const outcomes = open.events.filter(({ event }) => event === 'broadcast.over').map((each) => each.outcome);
  // Of the two that a window's timers wake, one finds the other at work: nothing is over by that.
  expect(outcomes).toEqual(['ended']);
  expect(open.told('broadcast.elsewhere')).toMatchObject({ reason: 'check' });
  expect(open.told('publish.left_behind')).toBeNull();
  expect(await open.station.site.get('2026-11-21/record.json')).not.toBeNull();
});

describe('one evening, not two', () => {
  const sources = (folder: string) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => readFileSync(join(folder, name), 'utf8'))
      .join('\n');

  test.each(['src/local', 'src/lambda'])(
    '%s performs and prepares by src/station, and decides nothing itself',
    (folder) => {
      const text = sources(join(import.meta.dirname, '../..', folder));
      expect(text).toMatch(/import \{.*\bperform\b.*\} from '(\.\.\/)+station\/perform\.ts'/);
      expect(text).toMatch(
        /import \{.*\b(prepare|arrange, catchUp)\b.*\} from '(\.\.\/)+station\/prepare\.ts'/,
      );
      const DECIDES = [
        'broadcast/broadcast',
        'broadcast/lease',
        'broadcast/tell',
        'broadcast/choose-performance',
      ];
      for (const file of DECIDES) expect(text).not.toContain(`${file}.ts`);
      expect(text).not.toMatch(/\b(planOf|limitOf|disarmObsolete|heardOf|DOORS_MS|refreshArchive)\b/);
    },
  );
});
