import { beforeEach, describe, expect, test } from '@jest/globals';
import {
  memoryBroadcasts,
  memoryConnections,
  memoryPerformances,
  memorySite,
} from '../../src/adapters/memory/memory.ts';
import { memoryBroadcastRecords, memoryWindows } from '../../src/adapters/memory/windows.ts';
import { broadcastId } from '../../src/broadcast/id.ts';
import { timelines } from '../../src/broadcast/timelines.ts';
import type { BroadcastRecord } from '../../src/ports.ts';
import { readIndex } from '../../src/publish/publish.ts';
import { DOORS_MS, virtualWindow } from '../../src/schedule/index.ts';
import { type PerformPorts, perform } from '../../src/station/perform.ts';
import { type PreparePorts, prepare } from '../../src/station/prepare.ts';
import { fakeClock } from '../support/fake-clock.ts';
import { scale, stored } from '../support/music.ts';
import { aWindow } from '../support/windows.ts';

/** 20:00 in Berlin, winter. */
const T0 = Date.UTC(2026, 10, 21, 19);
const DAY = '2026-11-21';
const ID = broadcastId('daily', T0);

const aRecord = (fields: Partial<BroadcastRecord>): BroadcastRecord => ({
  ...{ schema: 1, id: ID, startsAt: T0, state: 'ended', performance: DAY, encore: false, durationMs: 40_000 },
  ...{ epoch: 1, startLatenessMs: 0, endedAt: T0 + 40_000, chunkSha256: [], sha256: '' },
  ...fields,
});

function world(now: number) {
  const clock = fakeClock(now);
  const performances = memoryPerformances();
  const site = memorySite();
  const log: string[] = [];
  const armed: string[] = [];
  const woken: string[] = [];
  const shared = {
    clock,
    performances,
    site,
    siteUrl: 'https://piano.example',
    broadcasts: memoryBroadcasts(),
    records: memoryBroadcastRecords(),
    windows: memoryWindows(),
    otherwise: virtualWindow('20:00', 'Europe/Berlin'),
    timeZone: 'Europe/Berlin',
    log: (event: string) => void log.push(event),
  };
  const performPorts: PerformPorts = {
    ...shared,
    connections: memoryConnections(),
    timelines: timelines(performances),
    post: async () => 'sent',
  };
  const composed: string[] = [];
  const preparePorts: PreparePorts = {
    ...shared,
    timer: {
      async arm(id, reason) {
        if (armed.includes(`${id} ${reason}`)) return 'exists';
        armed.push(`${id} ${reason}`);
        return 'armed';
      },
      disarm: async () => {},
      armed: async () => armed,
    },
    wake: async (id) => void woken.push(id),
    ensure: async (date) => void composed.push(date),
  };
  return { ...shared, clock, performances, site, log, armed, woken, composed, performPorts, preparePorts };
}

describe('a broadcaster that is woken', () => {
  let w: ReturnType<typeof world>;
  beforeEach(async () => {
    w = world(T0 - DOORS_MS);
    await w.performances.create(stored(DAY, scale(40_000)));
  });

  test('plays what its window says, then makes it public', async () => {
    for (const id of ['a', 'b', 'c']) await w.performPorts.connections.add(id);
    expect(await w.clock.runUntil(perform(ID, 'doors', 'one', w.performPorts))).toBe('ended');
    expect(await w.broadcasts.get(ID)).toMatchObject({ startsAt: T0, wanted: DAY, next: T0 + 86_400_000 });
    expect((await readIndex(w.site)).performances).toMatchObject([{ id: DAY, heard: 3 }]);
    expect([...w.site.files.keys()].sort()).toEqual([
      `${DAY}/index.html`,
      `${DAY}/performance.mid`,
      `${DAY}/record.json`,
      `${DAY}/roll.png`,
      `${DAY}/share.png`,
      'archive/2026/index.html',
      'archive/index.html',
      'feed.xml',
      'index.json',
      'share.png',
    ]);
  });

  test('nothing is public before the end', async () => {
    const playing = perform(ID, 'doors', 'one', w.performPorts);
    await w.clock.runTo(T0 + 39_000);
    expect([...w.site.files.keys()]).toEqual([]);
    await w.clock.runUntil(playing);
  });

  test('the same event three times is one broadcast', async () => {
    const all = Promise.all(
      ['one', 'two', 'three'].map((owner) => perform(ID, 'doors', owner, w.performPorts)),
    );
    expect((await w.clock.runUntil(all)).sort()).toEqual(['elsewhere', 'elsewhere', 'ended']);
    expect((await w.broadcasts.get(ID))?.epoch).toBe(1);
  });

  test('drops a broadcast whose window was cancelled or moved meanwhile', async () => {
    await w.windows.put(aWindow({ id: 'other' }), 0);
    expect(await perform(ID, 'doors', 'one', w.performPorts)).toBe('dropped');
    expect(await w.broadcasts.get(ID)).toBeNull();
    expect(w.log).toContain('broadcast.dropped');
  });

  test('says so where the check had to take over, and is quiet where all is well', async () => {
    const first = perform(ID, 'doors', 'one', w.performPorts);
    await w.clock.runTo(T0 + 5_000);
    expect(await w.clock.runUntil(perform(ID, 'check', 'two', w.performPorts))).toBe('elsewhere');
    await w.clock.runUntil(first);
    expect(w.log).not.toContain('check.took_over');

    const other = world(T0 + 20_000);
    await other.performances.create(stored(DAY, scale(40_000)));
    expect(await other.clock.runUntil(perform(ID, 'check', 'two', other.performPorts))).toBe('ended');
    expect(other.log).toContain('check.took_over');
  });

  test('stops at the longest duration of its window', async () => {
    await w.windows.put(aWindow({ id: 'short', limitMinutes: 1 }), 0);
    await w.performances.replace(stored(DAY, scale(300_000)));
    const id = broadcastId('short', T0);
    expect(await w.clock.runUntil(perform(id, 'doors', 'one', w.performPorts))).toBe('stopped');
    expect(w.clock.now() - T0).toBeLessThan(62_000);
    expect(w.site.files.size).toBe(0);
  });

  test('one that takes over after the longest duration of its window stops, and plays nothing on', async () => {
    await w.windows.put(aWindow({ id: 'short', limitMinutes: 1 }), 0);
    await w.performances.replace(stored(DAY, scale(300_000)));
    const id = broadcastId('short', T0);
    const stop = new AbortController();
    const first = perform(id, 'doors', 'one', w.performPorts, stop.signal);
    await w.clock.runTo(T0 + 30_000);
    stop.abort(new Error('killed'));
    await expect(first).rejects.toThrow('killed');
    await w.clock.runTo(T0 + 90_000);
    expect(await w.clock.runUntil(perform(id, 'check', 'two', w.performPorts))).toBe('stopped');
  });

  test('a stop at the limit that fails is tried again until it is done', async () => {
    await w.windows.put(aWindow({ id: 'short', limitMinutes: 1 }), 0);
    await w.performances.replace(stored(DAY, scale(300_000)));
    let failures = 3;
    const stop: typeof w.broadcasts.stop = async (id) => {
      if (failures-- > 0) throw new Error('throttled');
      return w.broadcasts.stop(id);
    };
    const ports = { ...w.performPorts, broadcasts: { ...w.broadcasts, stop } };
    expect(await w.clock.runUntil(perform(broadcastId('short', T0), 'doors', 'one', ports))).toBe('stopped');
    expect(w.clock.now() - T0).toBeLessThan(66_000);
    expect(w.log.filter((event) => event === 'limit.failed')).toHaveLength(3);
  });
});

describe('preparing', () => {
  test('arms, publishes the schedule and composes what is played within a day; again changes nothing', async () => {
    const w = world(T0 - 3_600_000);
    await prepare(w.preparePorts);
    const next = broadcastId('daily', T0 + 86_400_000);
    expect(w.armed).toEqual([`${ID} doors`, `${ID} check`, `${next} doors`, `${next} check`]);
    expect(w.composed).toEqual([DAY]);
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
    expect(w.log).toContain('publish.left_behind');
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
    expect(w.log).toContain('publish.failed');
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
    expect(w.log).toContain('publish.not_refreshed');
  });
});
