import { beforeEach, describe, expect, test } from '@jest/globals';
import { broadcastId } from '../../src/broadcast/id.ts';
import { readIndex } from '../../src/publish/index-file.ts';
import { DOORS_MS } from '../../src/schedule/index.ts';
import { perform } from '../../src/station/perform.ts';
import { scale, stored } from '../support/music.ts';
import { aWindow } from '../support/windows.ts';
import { DAY, ID, T0, world } from './a-station.ts';

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
    // It is over once, for who reads the log too.
    const outcomes = w.told.filter(([event]) => event === 'broadcast.over');
    expect(outcomes).toEqual([['broadcast.over', { broadcast: ID, outcome: 'ended' }]]);
  });

  test('drops a broadcast whose window was cancelled or moved meanwhile', async () => {
    await w.windows.put(aWindow({ id: 'other' }), 0);
    expect(await perform(ID, 'doors', 'one', w.performPorts)).toBe('dropped');
    expect(await w.broadcasts.get(ID)).toBeNull();
    expect(w.told).toEqual([['broadcast.dropped', { broadcast: ID, reason: 'doors' }]]);
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
    expect(other.told.slice(0, 2)).toEqual([
      ['broadcast.leased', { broadcast: ID, epoch: 1 }],
      ['check.took_over', { broadcast: ID, epoch: 1 }],
    ]);
    expect(other.log.filter((event) => event === 'check.took_over')).toHaveLength(1);
    expect(other.told.at(-1)).toEqual(['broadcast.over', { broadcast: ID, outcome: 'ended' }]);
  });

  const outcomes = () => w.told.filter(([event]) => event === 'broadcast.over').map(([, details]) => details);

  test('what was over within its first minute is not told of again by the check', async () => {
    await w.clock.runUntil(perform(ID, 'doors', 'one', w.performPorts));
    await w.clock.runTo(T0 + 60_000);
    expect(await w.clock.runUntil(perform(ID, 'check', 'two', w.performPorts))).toBe('ended');
    expect(outcomes()).toEqual([{ broadcast: ID, outcome: 'ended' }]);
  });

  test('nor what ends while the check waits for the lease to run out', async () => {
    await w.performances.replace(stored(DAY, scale(58_000)));
    const first = perform(ID, 'doors', 'one', w.performPorts);
    await w.clock.runTo(T0 + 57_000);
    const check = perform(ID, 'check', 'two', w.performPorts);
    await w.clock.runUntil(Promise.all([first, check]));
    expect(await check).toBe('ended');
    expect(outcomes()).toEqual([{ broadcast: ID, outcome: 'ended' }]);
  });

  test('what was stopped before its doors is told of at the doors, and once', async () => {
    await w.broadcasts.schedule({ id: ID, startsAt: T0, wanted: DAY, next: null });
    await w.broadcasts.stop(ID);
    await w.clock.runUntil(perform(ID, 'doors', 'one', w.performPorts));
    await w.clock.runTo(T0 + 60_000);
    expect(await w.clock.runUntil(perform(ID, 'check', 'two', w.performPorts))).toBe('stopped');
    expect(outcomes()).toEqual([{ broadcast: ID, outcome: 'stopped' }]);
  });

  test('a stop that its broadcaster did not live to see is told of by the check', async () => {
    const killed = new AbortController();
    const first = perform(ID, 'doors', 'one', w.performPorts, killed.signal);
    await w.clock.runTo(T0 + 10_000);
    killed.abort(new Error('killed'));
    await expect(first).rejects.toThrow('killed');
    await w.broadcasts.stop(ID);
    await w.clock.runTo(T0 + 60_000);
    expect(await w.clock.runUntil(perform(ID, 'check', 'two', w.performPorts))).toBe('stopped');
    expect(outcomes()).toEqual([{ broadcast: ID, outcome: 'stopped' }]);
  });

  test('stops at the longest duration of its window', async () => {
    await w.windows.put(aWindow({ id: 'short', limitMinutes: 1 }), 0);
    await w.performances.replace(stored(DAY, scale(300_000)));
    const id = broadcastId('short', T0);
    expect(await w.clock.runUntil(perform(id, 'doors', 'one', w.performPorts))).toBe('stopped');
    expect(w.clock.now() - T0).toBeLessThan(62_000);
    expect(w.site.files.size).toBe(0);
    expect(w.told).toContainEqual(['broadcast.limit', { broadcast: id }]);
    expect(w.told.at(-1)).toEqual(['broadcast.over', { broadcast: id, outcome: 'stopped' }]);
  });

  test('one that was stopped before its limit is not stopped again', async () => {
    await w.windows.put(aWindow({ id: 'short', limitMinutes: 1 }), 0);
    const id = broadcastId('short', T0);
    const playing = perform(id, 'doors', 'one', w.performPorts);
    await w.clock.runTo(T0 + 10_000);
    await w.broadcasts.stop(id);
    await w.clock.runUntil(playing);
    await w.clock.runTo(T0 + 120_000);
    expect(w.log).not.toContain('broadcast.limit');
  });

  test('a day that cannot be made public is told of, and thrown, for the next look to try again', async () => {
    const site = {
      ...w.site,
      put: async () => {
        throw new Error('no room');
      },
    };
    const playing = perform(ID, 'doors', 'one', { ...w.performPorts, site });
    await expect(w.clock.runUntil(playing)).rejects.toMatchObject({
      ...{ name: 'UnpublishedError', message: `${DAY} was not made public`, cause: new Error('no room') },
    });
    expect(w.told.at(-1)).toEqual(['publish.failed', { performance: DAY, reason: 'Error: no room' }]);
  });

  test('a listener who finds nobody at work wakes one that does not wait', async () => {
    const first = perform(ID, 'doors', 'one', w.performPorts);
    await w.clock.runTo(T0 + 5_000);
    const at = w.clock.now();
    expect(await w.clock.runUntil(perform(ID, 'orphaned', 'two', w.performPorts))).toBe('elsewhere');
    expect(w.clock.now()).toBe(at);
    await w.clock.runUntil(first);
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
    const failed = w.told.filter(([event]) => event === 'limit.failed');
    expect(failed).toEqual(
      Array(3).fill(['limit.failed', { broadcast: broadcastId('short', T0), reason: 'Error: throttled' }]),
    );
  });
});
