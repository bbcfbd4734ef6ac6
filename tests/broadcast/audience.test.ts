/** Whom a broadcaster posts to, part by part, and in which order. */
import { describe, expect, test } from '@jest/globals';
import { type Audience, audience } from '../../src/broadcast/audience.ts';
import { chunksTogether, dueNow, nextInstant } from '../../src/broadcast/due.ts';
import { timeline } from '../../src/music/timeline.ts';
import type { Broadcast, Part, Post } from '../../src/ports.ts';
import { type Chunk, parseFrame } from '../../src/wire.ts';
import { fakeClock } from '../support/fake-clock.ts';
import { scale } from '../support/music.ts';

const music = timeline(scale(60_000));
const LEASE = { broadcast: 'b', epoch: 3 };

/** Eight listeners, "0" to "7", each in the part of its number. */
function setting(part?: Part, post?: Post) {
  const clock = fakeClock(0);
  const posted: [string, string][] = [];
  const asked: (Part | undefined)[] = [];
  const hooks = { onList: () => {} };
  const keep: Post = async (id, frame) => {
    posted.push([id, frame]);
    return 'sent' as const;
  };
  const ours = audience(
    {
      clock,
      log: () => {},
      post: post ?? keep,
      connections: {
        ...{ add: async () => {}, remove: async () => {}, count: async () => 8 },
        async list(each) {
          asked.push(each);
          hooks.onList();
          const all = Array.from({ length: 8 }, (_, i) => i);
          return all.filter((i) => !each || i % each.of === each.index).map(String);
        },
      },
    },
    part,
  );
  return { ours, posted, asked, clock, hooks };
}
const chunkOf = (frame: string) => {
  const { seq, count, broadcast, epoch, here } = parseFrame(frame) as Chunk;
  return { seq, count, broadcast, epoch, here };
};

describe('an audience', () => {
  test('of everybody is read at once, and counted by that', async () => {
    const { ours, posted, asked } = setting();
    expect([ours.here(), ours.parts(), ours.share(), ours.has(0), ours.has(1)]).toEqual([
      0,
      1,
      1,
      true,
      false,
    ]);
    await ours.tell((here) => [`${here} are here`]);
    await ours.lastPosts();
    expect(asked).toEqual([undefined]);
    expect(ours.here()).toBe(8);
    expect(posted).toEqual(Array.from({ length: 8 }, (_, i) => [String(i), '8 are here']));
  });

  test('of one part is told how many all are', async () => {
    const { ours, posted, asked } = setting({ index: 1, of: 4 });
    ours.counted(99);
    await ours.tell((here) => [`${here}`]);
    await ours.lastPosts();
    expect(asked).toEqual([{ index: 1, of: 4 }]);
    expect([ours.here(), ours.parts(), ours.share()]).toEqual([99, 4, 1 / 4]);
    expect(posted).toEqual([
      ['1', '99'],
      ['5', '99'],
    ]);
  });

  test('that is divided keeps all that its parts fall into, and each with what it was given', () => {
    const { ours } = setting({ index: 1, of: 2 });
    ours.take(1, 7);
    ours.divide(8);
    expect([...Array(8).keys()].filter(ours.has)).toEqual([1, 3, 5, 7]);
    expect([ours.parts(), ours.share(), ours.posted()]).toEqual([8, 1 / 2, 7]);
    ours.drop(3);
    ours.take(0, 5);
    expect([ours.has(3), ours.share(), ours.posted()]).toEqual([false, 4 / 8, 5]);
    ours.begin(9);
    expect(ours.posted()).toBe(9);
  });

  test('may be told something in some of its parts alone', async () => {
    const { ours, posted, asked } = setting();
    ours.divide(4);
    ours.counted(50);
    await ours.tell(() => ['x'], [2, 3]);
    await ours.lastPosts();
    expect(asked).toEqual([
      { index: 2, of: 4 },
      { index: 3, of: 4 },
    ]);
    expect(posted.map(([id]) => id).sort()).toEqual(['2', '3', '6', '7']);
    expect(ours.here()).toBe(50);
  });

  test('is posted what each of its parts has not been given, those alike together', async () => {
    const { ours, posted } = setting();
    ours.divide(4);
    ours.drop(3);
    ours.take(0, 0);
    ours.take(1, 2);
    ours.take(2, 0);
    const frames = await ours.post(music, 2, LEASE);
    await ours.lastPosts();
    expect(frames.map(chunkOf)).toEqual([{ seq: 1, count: 2, broadcast: 'b', epoch: 3, here: 0 }]);
    expect(posted.map(([id]) => id).sort()).toEqual(['0', '2', '4', '6']);
    expect(posted.every(([, frame]) => frame === frames[0])).toBe(true);
    expect(ours.posted()).toBe(2);
    expect(await ours.post(music, 2, LEASE)).toEqual([]);
    ours.take(1, 1);
    const apart = await ours.post(music, 3, LEASE);
    expect(apart.map(chunkOf).map(({ seq, count }) => [seq, count])).toEqual([
      [3, 1],
      [2, 2],
    ]);
  });

  test('does not get a part back that it gave away while its listeners were read', async () => {
    const { ours, hooks } = setting();
    ours.divide(2);
    hooks.onList = () => ours.drop(1);
    await ours.post(music, 1, LEASE);
    expect([ours.has(0), ours.has(1)]).toEqual([true, false]);
  });

  test('is given five seconds for the last frames, and no more where all have arrived', async () => {
    const quick = setting();
    await quick.ours.tell(() => ['bye']);
    await quick.clock.runUntil(quick.ours.lastPosts());
    expect(quick.clock.now()).toBe(0);
    const stalled = setting(undefined, () => new Promise(() => {}));
    await stalled.ours.tell(() => ['bye']);
    await stalled.clock.runUntil(stalled.ours.lastPosts());
    expect(stalled.clock.now()).toBe(5_000);
  });
});

describe('what is due', () => {
  const among = (here: number, posted: number): Audience =>
    ({ here: () => here, posted: () => posted }) as Partial<Audience> as Audience;
  const long = timeline(scale(300_000));

  test('goes out chunk by chunk to few, in pairs to many, and the last one alone', () => {
    // At T0 − 90 s chunk 2 is due; at T0 − 75 s, chunk 3.
    expect(dueNow(long, -90_000, among(1, 1))).toBe(2);
    expect(dueNow(long, -90_000, among(1, 2))).toBeNull();
    expect(dueNow(long, -90_000, among(501, 1))).toBeNull();
    expect(dueNow(long, -75_000, among(501, 1))).toBe(3);
    expect(dueNow(long, -75_000, among(36_001, 1), 2_000)).toBeNull();
    expect(dueNow(long, 300_000, among(501, 18))).toBe(19);
    expect(dueNow(long, 300_000, among(501, 19))).toBeNull();
  });

  test('is as much together as the rate asks for', () => {
    expect([chunksTogether(500, 1), chunksTogether(501), chunksTogether(18, 1)]).toEqual([1, 2, 1]);
    expect([chunksTogether(900, 50), chunksTogether(901, 50)]).toEqual([2, 4]);
  });

  test('next is T0, the end, or the next chunk, whichever comes first and has not passed', () => {
    const row = { startsAt: 1_000_000 } as Partial<Broadcast> as Broadcast;
    const next = (posted: number, now: number) => nextInstant(row, long, posted, now);
    expect(nextInstant(row, null, -1, 0)).toBe(Number.POSITIVE_INFINITY);
    expect(next(-1, 0)).toBe(880_000);
    expect(next(0, 880_000)).toBe(895_000);
    // In pairs: chunk 2, which waits for chunk 3, was due at 910,000.
    expect(next(1, 910_000)).toBe(925_000);
    expect(next(1, 924_999)).toBe(925_000);
    expect(next(7, 985_000)).toBe(1_000_000);
    expect(next(19, 1_000_000)).toBe(1_299_750);
    expect(next(18, 1_100_000)).toBe(1_165_000);
    expect(next(19, 1_299_750)).toBe(Number.POSITIVE_INFINITY);
  });
});
