import { describe, expect, test } from '@jest/globals';
import { readIndex } from '../../src/publish/index-file.ts';
import { DOORS_MS } from '../../src/schedule/index.ts';
import { mend } from '../../src/station/mend.ts';
import { scale, stored } from '../support/music.ts';
import { aRecord, DAY, ID, T0, world } from './a-station.ts';

type State = 'scheduled' | 'doors' | 'live' | 'ended' | 'stopped';

const DAY_MS = 86_400_000;

/** A station whose one broadcast is in a state, with a lease that lasts to an instant; null: nobody has had one. */
async function left(state: State, leaseUntil: number | null, now: number) {
  const w = world(now);
  await w.broadcasts.schedule({ id: ID, startsAt: T0, wanted: DAY, next: null });
  if (leaseUntil !== null) {
    const lease = await w.broadcasts.acquire(ID, 'dead', leaseUntil - 15_000, leaseUntil);
    if (!('epoch' in lease)) throw new Error('held');
    if (state === 'stopped') await w.broadcasts.stop(ID);
    else await w.broadcasts.change(lease, { state });
  }
  await mend(w.preparePorts);
  return w;
}

describe('a broadcaster is woken for a broadcast', () => {
  test.each<[string, State, number | null, number]>([
    ['whose doors nobody has opened, from when they should be', 'scheduled', null, T0 - DOORS_MS],
    ['whose doors were open when its broadcaster died', 'doors', T0 - 1_000, T0 - 1_000],
    ['whose broadcaster died in mid-performance, when its lease is over', 'live', T0 + 5_000, T0 + 5_000],
  ])('%s', async (_which, state, leaseUntil, now) => {
    const { woken, told } = await left(state, leaseUntil, now);
    expect(woken).toEqual([ID]);
    expect(told).toEqual([['broadcast.left_behind', { broadcast: ID }]]);
  });
});

describe('none is woken', () => {
  test.each<[string, State, number | null, number]>([
    ['before the doors', 'scheduled', null, T0 - DOORS_MS - 1],
    ['while a lease lasts', 'doors', T0 - 1_000, T0 - 1_001],
    ['for what has ended', 'ended', T0, T0 + 1_000],
    ['for what was stopped', 'stopped', T0, T0 + 1_000],
  ])('%s', async (_when, state, leaseUntil, now) => {
    const { woken, told } = await left(state, leaseUntil, now);
    expect(woken).toEqual([]);
    expect(told).toEqual([]);
  });

  test('where no broadcast was ever', async () => {
    const w = world(T0);
    await mend(w.preparePorts);
    expect([w.woken, w.told]).toEqual([[], []]);
  });
});

describe('what was played to its end and is not public is made so', () => {
  const published = async ({ site }: ReturnType<typeof world>) =>
    (await readIndex(site)).performances.map(({ id, heard }) => [id, heard]);
  /** The books, which count how often they are opened. */
  const counted = (w: ReturnType<typeof world>) => {
    let opened = 0;
    const list = () => {
      opened++;
      return w.records.list();
    };
    return { ports: { ...w.preparePorts, records: { list } }, opened: () => opened };
  };
  const day = (before: number) => new Date(Date.parse(DAY) - before * DAY_MS).toISOString().slice(0, 10);

  test('of the seven days before today, and neither of today nor of the eighth', async () => {
    const w = world(T0);
    for (let before = 0; before <= 8; before++) {
      await w.performances.create(stored(day(before), scale(40_000)));
      await w.records.put(aRecord({ id: `x@${before}`, performance: day(before), heard: before }));
    }
    await mend(w.preparePorts);
    expect(await published(w)).toEqual([1, 2, 3, 4, 5, 6, 7].map((before) => [day(before), before]));
    expect(w.told).toEqual(expect.arrayContaining([['publish.left_behind', { performance: day(7) }]]));
  });

  test('and the books are not opened where all is public already, or nothing was composed', async () => {
    const w = world(T0);
    const books = counted(w);
    await mend(books.ports);
    expect(books.opened()).toBe(0);
    await w.performances.create(stored(day(1), scale(40_000)));
    await w.records.put(aRecord({ id: 'x@1', performance: day(1), heard: 3 }));
    await mend(books.ports);
    expect(books.opened()).toBe(1);
    w.told.length = 0;
    await mend(books.ports);
    expect(books.opened()).toBe(1);
    expect(w.told).toEqual([]);
    expect(await published(w)).toEqual([[day(1), 3]]);
  });

  test('but not what was stopped, nor a day whose evening was played without it', async () => {
    const w = world(T0);
    for (const before of [1, 2]) await w.performances.create(stored(day(before), scale(40_000)));
    await w.records.put(aRecord({ id: 'x@1', performance: day(1), state: 'stopped' }));
    await w.records.put(aRecord({ id: 'x@2', performance: null }));
    await mend(w.preparePorts);
    expect(await published(w)).toEqual([]);
    expect(w.told).toEqual([]);
  });

  test('of a broadcast that has just ended, while its broadcaster has not; of one that still plays it is not', async () => {
    for (const [state, is] of [
      ['ended', [[DAY, 5]]],
      ['live', []],
    ] as const) {
      const w = world(T0 + 3_600_000);
      await w.performances.create(stored(DAY, scale(40_000)));
      await w.broadcasts.schedule({ id: ID, startsAt: T0, wanted: DAY, next: null });
      const lease = await w.broadcasts.acquire(ID, 'dead', T0, T0 + 7_200_000);
      if (!('epoch' in lease)) throw new Error('held');
      await w.broadcasts.change(lease, { state, performance: DAY, heard: 5 });
      await mend(w.preparePorts);
      expect(await published(w)).toEqual(is);
    }
  });

  test('what cannot be made public is told, and tried again with the next look', async () => {
    const w = world(T0);
    await w.performances.create(stored(day(1), scale(40_000)));
    await w.records.put(aRecord({ id: 'x@1', performance: day(1), heard: 3 }));
    const full = async (): Promise<never> => {
      throw new Error('no space left');
    };
    await mend({ ...w.preparePorts, site: { ...w.site, put: full } });
    expect(w.told.at(-1)).toEqual(['publish.failed', { reason: 'Error: no space left' }]);
    await mend(w.preparePorts);
    expect(await published(w)).toEqual([[day(1), 3]]);
  });
});
