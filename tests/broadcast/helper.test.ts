/** A helper of a crowd, alone: what it promises, what it posts to its part, and when and how it leaves. */
import { describe, expect, test } from '@jest/globals';
import { memoryDivisions } from '../../src/adapters/memory/divisions.ts';
import { memoryBroadcasts, memoryPerformances } from '../../src/adapters/memory/memory.ts';
import { FOR_GOOD } from '../../src/broadcast/crowd.ts';
import { type HelpPorts, help } from '../../src/broadcast/helper.ts';
import { timelines } from '../../src/broadcast/timelines.ts';
import type { Division, Helper, Lease, Part } from '../../src/ports.ts';
import { parseFrame } from '../../src/wire.ts';
import { fakeClock } from '../support/fake-clock.ts';
import { scale, stored } from '../support/music.ts';

const T0 = 1_000_000_000;
const DAY = '2026-11-21';
const ME: Helper = { name: 'helper', broadcast: 'b', epoch: 1, part: 1 };

/** A broadcast of which one other has the lease, divided in two; the helper's part is woken at so many milliseconds from T0. */
async function setting(nowMs = -60_000, lengthMs: number | null = 60_000) {
  const clock = fakeClock(T0 + nowMs);
  const performances = memoryPerformances();
  if (lengthMs !== null) await performances.create(stored(DAY, scale(lengthMs)));
  const broadcasts = memoryBroadcasts();
  await broadcasts.schedule({ id: 'b', startsAt: T0, wanted: DAY, next: null });
  const lease = (await broadcasts.acquire('b', 'owner', clock.now(), Number.MAX_SAFE_INTEGER)) as Lease;
  const known = lengthMs === null ? {} : { performance: DAY, durationMs: lengthMs - 250 };
  await broadcasts.change(lease, { state: 'doors', ...known });
  const divisions = memoryDivisions();
  await divisions.divide(lease, 2, 200);
  const promises: [atMs: number, untilMs: number][] = [];
  const shares: number[] = [];
  const posted: string[] = [];
  const ports: HelpPorts = {
    ...{ broadcasts, clock, timelines: timelines(performances), log: () => {}, postsPerSecond: 1_000 },
    divisions: {
      ...divisions,
      attend: (helper, now, until) => {
        promises.push([now - T0, until === 0 || until === FOR_GOOD ? until : until - T0]);
        return divisions.attend(helper, now, until);
      },
    },
    share: (fraction) => void shares.push(fraction),
    connections: {
      ...{ add: async () => {}, remove: async () => {}, count: async () => 200 },
      async list(part?: Part) {
        return [part ? `${part.index} of ${part.of}` : 'all'];
      },
    },
    async post(id, text) {
      const frame = parseFrame(text)!;
      const what =
        frame.type === 'hello'
          ? frame.state
          : frame.type === 'chunk'
            ? `chunks ${frame.seq} to ${frame.seq + frame.count - 1}`
            : frame.type === 'end'
              ? `end after ${frame.lastSeq}`
              : frame.type;
      posted.push(`${clock.now() - T0} to ${id}: ${what}`);
      return 'sent' as const;
    },
  };
  const begin = (more: Partial<HelpPorts> = {}) => help(ME, { ...ports, ...more });
  return { clock, broadcasts, divisions, lease, promises, shares, posted, begin };
}
type Setting = Awaited<ReturnType<typeof setting>>;
const at = ({ clock }: Setting) => clock.now() - T0;

describe('a helper', () => {
  test('promises fifteen seconds each five, posts what is due, tells each state, and in the end promises for good', async () => {
    const all = await setting(-62_000);
    const { clock, begin, broadcasts, lease, posted, promises, shares } = all;
    const helping = begin();
    void clock.sleepUntil(T0).then(() => broadcasts.change(lease, { state: 'live' }));
    void clock.sleepUntil(T0 + 59_750).then(() => broadcasts.change(lease, { state: 'ended' }));
    expect(await clock.runUntil(helping)).toBe('ended');
    // Chunk 3 is due 75 s before T0: all four were, at once, in one frame of those of the part.
    expect(posted).toEqual([
      '-62000 to 1 of 2: doors',
      '-62000 to 1 of 2: chunks 0 to 3',
      '0 to 1 of 2: live',
      '59750 to 1 of 2: end after 3',
      '59750 to 1 of 2: ended',
    ]);
    expect(promises.slice(0, 3)).toEqual([
      [-62_000, -47_000],
      [-57_000, -42_000],
      [-52_000, -37_000],
    ]);
    expect(promises).toHaveLength(1 + 24 + 1);
    expect(promises.at(-1)).toEqual([59_750, FOR_GOOD]);
    expect(new Set(shares)).toEqual(new Set([1 / 2]));
  });

  test('posts what was left of the music before the end, where that came early', async () => {
    const { clock, begin, broadcasts, lease, posted } = await setting(-118_000);
    const helping = begin();
    void clock.sleepUntil(T0 - 110_000).then(() => broadcasts.change(lease, { state: 'ended' }));
    expect(await clock.runUntil(helping)).toBe('ended');
    expect(posted).toEqual([
      '-118000 to 1 of 2: doors',
      '-118000 to 1 of 2: chunks 0 to 0',
      '-110000 to 1 of 2: chunks 1 to 3',
      '-110000 to 1 of 2: end after 3',
      '-110000 to 1 of 2: ended',
    ]);
  });

  test('of a silent day tells the states and no end of music', async () => {
    const { clock, begin, broadcasts, lease, posted } = await setting(-60_000, null);
    const helping = begin();
    void clock.sleepUntil(T0 - 10_000).then(() => broadcasts.change(lease, { state: 'ended' }));
    expect(await clock.runUntil(helping)).toBe('ended');
    expect(posted).toEqual(['-60000 to 1 of 2: doors', '-10000 to 1 of 2: ended']);
  });

  test.each(['stopped', 'cancelled'] as const)(
    'of a broadcast that is %s tells the stop, for good',
    async (state) => {
      const all = await setting(-60_000);
      const { clock, begin, broadcasts, posted, promises } = all;
      const get: typeof broadcasts.get = async (id) => {
        const row = await broadcasts.get(id);
        return row && at(all) >= -50_000 ? { ...row, state } : row;
      };
      expect(await clock.runUntil(begin({ broadcasts: { ...broadcasts, get } }))).toBe(state);
      expect(posted.slice(2)).toEqual(['-50000 to 1 of 2: stop', `-50000 to 1 of 2: ${state}`]);
      expect(promises.at(-1)).toEqual([-50_000, FOR_GOOD]);
    },
  );

  test('leaves without a promise where another epoch has begun, by the row or by the division', async () => {
    const byRow = await setting();
    const first = byRow.begin();
    await byRow.clock.runTo(T0 - 58_500);
    await byRow.broadcasts.acquire('b', 'thief', Number.POSITIVE_INFINITY, T0);
    expect(await byRow.clock.runUntil(first)).toBe('superseded');
    expect([at(byRow), byRow.promises]).toEqual([-58_000, [[-60_000, -45_000]]]);

    const byDivision = await setting();
    const second = byDivision.begin();
    await byDivision.clock.runTo(T0 - 58_500);
    await byDivision.divisions.divide({ ...byDivision.lease, epoch: 2 }, 2, 10);
    expect(await byDivision.clock.runUntil(second)).toBe('superseded');
    expect([at(byDivision), byDivision.promises.length]).toEqual([-55_000, 2]);

    const gone = await setting();
    const third = gone.begin({ broadcasts: { ...gone.broadcasts, get: async () => null } });
    expect(await gone.clock.runUntil(third)).toBe('superseded');
  });

  test('leaves thirty seconds before it is cut off, and takes its promise back', async () => {
    const all = await setting();
    const { clock, begin, promises } = all;
    expect(await clock.runUntil(begin({ limit: { at: T0 } }))).toBe('relieved');
    expect(at(all)).toBe(-30_000);
    expect(promises.at(-1)).toEqual([-30_000, 0]);
  });

  test.each([
    ['all that is left, where that is less than five minutes', 200_000, -100_000, ['chunks 2 to 13']],
    ['nothing, where more is left', 600_000, -100_000, []],
  ] as const)('whose owner has died leaves its listeners %s', async (_what, lengthMs, diesMs, left) => {
    const all = await setting(-110_000, lengthMs);
    const { clock, begin, broadcasts, posted, promises } = all;
    const leaseUntil = async () => T0 + diesMs;
    expect(await clock.runUntil(begin({ broadcasts: { ...broadcasts, leaseUntil } }))).toBe('orphaned');
    expect(at(all)).toBe(diesMs);
    expect(posted.slice(2)).toEqual([
      ...(diesMs > -105_000 ? ['-105000 to 1 of 2: chunks 1 to 1'] : []),
      ...left.map((what) => `${diesMs} to 1 of 2: ${what}`),
    ]);
    expect(promises.at(-1)).toEqual([diesMs, 0]);
  });

  test('keeps the part of its number where the crowd is divided further', async () => {
    const { clock, begin, divisions, lease, posted, shares } = await setting(-118_000);
    const helping = begin();
    await clock.runTo(T0 - 116_000);
    const grown = (await divisions.divide(lease, 8, 300)) as Division;
    expect(grown.parts).toBe(8);
    await clock.runTo(T0 - 104_000);
    expect(posted.slice(2)).toEqual(['-105000 to 1 of 8: chunks 1 to 1']);
    expect(shares.slice(0, 2)).toEqual([1 / 2, 1 / 8]);
    void helping.catch(() => {});
  });
});
