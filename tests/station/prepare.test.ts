import { describe, expect, test } from '@jest/globals';
import { memoryPunches } from '../../src/adapters/memory/punches.ts';
import { broadcastId } from '../../src/broadcast/id.ts';
import { readIndex } from '../../src/publish/index-file.ts';
import { publish } from '../../src/publish/publish.ts';
import { prepare } from '../../src/station/prepare.ts';
import { scale, stored } from '../support/music.ts';
import { aWindow, EVERY_DAY } from '../support/windows.ts';
import { aRecord, DAY, ID, T0, world } from './a-station.ts';

describe('preparing', () => {
  test('arms, publishes the schedule and composes what is played within a day; again changes nothing', async () => {
    const w = world(T0 - 3_600_000);
    await prepare(w.preparePorts);
    const next = broadcastId('daily', T0 + 86_400_000);
    expect(w.armed).toEqual([`${ID} doors`, `${ID} check`, `${next} doors`, `${next} check`]);
    expect(w.composed).toEqual([DAY]);
    expect(w.told.filter(([event]) => event === 'broadcast.armed')).toEqual([
      ['broadcast.armed', { broadcast: ID }],
      ['broadcast.armed', { broadcast: next }],
    ]);
    const schedule = JSON.parse(new TextDecoder().decode((await w.site.get('schedule.json'))!));
    expect(schedule.broadcasts[0]).toMatchObject({
      broadcast: ID,
      startsAt: T0,
      local: expect.stringContaining('20:00'),
    });
    await prepare(w.preparePorts);
    expect(w.armed).toHaveLength(4);
  });

  test('arms although composing fails, and tells of the failure', async () => {
    const w = world(T0 - 3_600_000);
    const ensure = async () => {
      throw new Error('no model');
    };
    await expect(prepare({ ...w.preparePorts, ensure })).rejects.toThrow('no model');
    expect(w.armed).toHaveLength(4);
    expect(w.site.files.has('calendar.ics')).toBe(true);
  });

  test('wakes a broadcaster for a broadcast that was left behind', async () => {
    const w = world(T0);
    await w.broadcasts.schedule({ id: ID, startsAt: T0, wanted: DAY, next: null });
    const lease = await w.broadcasts.acquire(ID, 'dead', T0, T0 + 15_000);
    if (!('epoch' in lease)) throw new Error('held');
    await w.broadcasts.change(lease, { state: 'live', performance: DAY, durationMs: 60_000 });
    await prepare(w.preparePorts);
    expect(w.woken).toEqual([]);
    await w.clock.runTo(T0 + 16_000);
    await prepare(w.preparePorts);
    expect(w.woken).toEqual([ID]);
    expect(w.told).toContainEqual(['broadcast.left_behind', { broadcast: ID }]);
  });

  test('makes public what a broadcaster died before making public', async () => {
    const w = world(T0 + 3_600_000);
    await w.performances.create(stored(DAY, scale(40_000)));
    await w.broadcasts.schedule({ id: ID, startsAt: T0, wanted: DAY, next: null });
    const lease = await w.broadcasts.acquire(ID, 'dead', T0, T0 + 1);
    if (!('epoch' in lease)) throw new Error('held');
    await w.broadcasts.change(lease, { state: 'ended', performance: DAY, heard: 5 });
    await prepare(w.preparePorts);
    expect(w.site.files.has(`${DAY}/performance.mid`)).toBe(true);
    expect((await readIndex(w.site)).performances).toMatchObject([{ id: DAY, heard: 5 }]);
    expect(w.told).toContainEqual(['publish.left_behind', { performance: DAY }]);
    w.log.length = 0;
    await prepare(w.preparePorts);
    expect(w.log).not.toContain('publish.left_behind');
  });

  test('makes public what was played on an earlier evening, though other broadcasts came after', async () => {
    const w = world(T0 + 86_400_000);
    for (const day of [DAY, '2026-11-13', '2026-11-20'])
      await w.performances.create(stored(day, scale(40_000)));
    const record = aRecord({ id: ID, startsAt: T0, performance: DAY, heard: 5 });
    await w.records.put(record);
    await w.records.put(
      aRecord({
        id: broadcastId('encore', T0 + 60_000),
        startsAt: T0 + 60_000,
        performance: DAY,
        encore: true,
        heard: 9,
      }),
    );
    // Stopped, so that it stays what nobody has heard to its end; and one of more than a week ago.
    await w.records.put(
      aRecord({ id: 'x@20', startsAt: T0 - 86_400_000, performance: '2026-11-20', state: 'stopped' }),
    );
    await w.records.put(aRecord({ id: 'x@13', startsAt: T0 - 8 * 86_400_000, performance: '2026-11-13' }));
    await w.broadcasts.schedule({
      id: broadcastId('daily', T0 + 86_400_000),
      startsAt: T0 + 86_400_000,
      wanted: '2026-11-22',
      next: null,
    });
    await prepare(w.preparePorts);
    expect((await readIndex(w.site)).performances).toMatchObject([{ id: DAY, heard: 5 }]);
    expect(w.log.filter((event) => event === 'publish.left_behind')).toHaveLength(1);
  });

  test('composes though what was left behind cannot be made public, and tells of it', async () => {
    const w = world(T0 + 3_600_000);
    await w.performances.create(stored('2026-11-20', scale(40_000)));
    const records = {
      list: async () => {
        throw new Error('no books');
      },
    };
    await prepare({ ...w.preparePorts, records });
    expect(w.told).toContainEqual(['publish.failed', { reason: 'Error: no books' }]);
    expect(w.composed).toEqual(['2026-11-22']);
  });

  test('lays out an empty archive before the first day', async () => {
    const w = world(T0 - 3_600_000);
    await prepare(w.preparePorts);
    expect([...w.site.files.keys()].sort()).toEqual([
      'archive/index.html',
      'calendar.ics',
      'feed.xml',
      'index.json',
      'next.ics',
      'schedule.json',
      'share.png',
      'shelf/index.html',
    ]);
  });

  test('composes whatever is wrong with the public index, and tells of it', async () => {
    const w = world(T0 - 3_600_000);
    await w.site.put('index.json', 'not JSON');
    await prepare(w.preparePorts);
    expect(w.composed).toEqual([DAY]);
    expect(w.told).toContainEqual(['publish.not_refreshed', { reason: expect.stringMatching(/JSON/) }]);
  });

  test('composes a date once, with the minutes of its first window, and nothing for a window that plays another day', async () => {
    const w = world(T0 - 3_600_000);
    for (const window of [
      aWindow({
        id: 'fixed',
        rule: { kind: 'daily', at: '17:00', days: EVERY_DAY },
        performance: '2026-01-01',
      }),
      aWindow({ id: 'early', rule: { kind: 'daily', at: '20:00', days: EVERY_DAY }, limitMinutes: 7 }),
      aWindow({ id: 'late', rule: { kind: 'daily', at: '22:00', days: EVERY_DAY }, limitMinutes: 9 }),
    ])
      await w.windows.put(window, 0);
    const ensured: unknown[] = [];
    await prepare({ ...w.preparePorts, ensure: async (...asked) => void ensured.push(asked) });
    // From 19:00: 20:00 and 22:00 of today; the next 20:00 is 25 hours away.
    expect(ensured).toEqual([[DAY, 7]]);
  });

  test('prints the holes of a public day, and tells of it where they cannot be counted', async () => {
    const w = world(T0 + 3_600_000);
    await w.performances.create(stored(DAY, scale(40_000)));
    await publish(DAY, w.preparePorts);
    const punches = memoryPunches();
    await punches.punch('somebody', DAY, 2_000);
    await prepare({ ...w.preparePorts, punches });
    expect((await readIndex(w.site)).performances).toMatchObject([{ id: DAY, holes: 1 }]);
    const all = async () => {
      throw new Error('no table');
    };
    await prepare({ ...w.preparePorts, punches: { ...punches, all } });
    expect(w.told).toContainEqual(['publish.failed', { reason: 'Error: no table' }]);
    expect(w.composed).toContain('2026-11-22');
  });
});
