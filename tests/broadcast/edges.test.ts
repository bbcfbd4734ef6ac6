/** The small parts around a broadcast, at their edges. */
import { describe, expect, test } from '@jest/globals';
import { memoryConnections, memoryPerformances } from '../../src/adapters/memory/memory.ts';
import { fanOut } from '../../src/broadcast/fan-out.ts';
import { floodLimit } from '../../src/broadcast/flood.ts';
import { chunkFrame, tooDense } from '../../src/broadcast/frames.ts';
import { broadcastHash } from '../../src/broadcast/hash.ts';
import { broadcastId, parseBroadcastId } from '../../src/broadcast/id.ts';
import { replayFrames } from '../../src/broadcast/replay-frames.ts';
import { timelines } from '../../src/broadcast/timelines.ts';
import { replayHash, verify } from '../../src/broadcast/verify.ts';
import { wakeSparingly } from '../../src/broadcast/wake.ts';
import { toMusic } from '../../src/music/note.ts';
import { timeline } from '../../src/music/timeline.ts';
import type { BroadcastRecord } from '../../src/ports.ts';
import { parseFrame } from '../../src/wire.ts';
import { fakeClock } from '../support/fake-clock.ts';
import { note, scale, stored } from '../support/music.ts';

test('a broadcast’s name tells its window and T0, and what is no such name tells nothing', () => {
  const startsAt = Date.UTC(2026, 10, 21, 19);
  expect(parseBroadcastId(broadcastId('evening-1', startsAt))).toEqual({ window: 'evening-1', startsAt });
  for (const name of ['', 'evening-1', '@2026-11-21T19:00:00.000Z', 'a@2026-99-99T19:00:00.000Z', 'a@now'])
    expect(parseBroadcastId(name)).toBeNull();
});

test('forty messages in ten seconds are borne, one more closes, the rest are nothing; then it begins anew', () => {
  let now = 0;
  const limit = floodLimit({ now: () => now });
  expect(new Set(Array.from({ length: 40 }, () => limit('a')))).toEqual(new Set(['bear']));
  expect([limit('a'), limit('a'), limit('b')]).toEqual(['close', 'closed', 'bear']);
  now = 10_000;
  expect(limit('a')).toBe('bear');
  for (let i = 0; i < 40; i++) limit('a');
  now = 9_000;
  expect(limit('a')).toBe('bear');
});

test('where nothing is to be said nothing is posted, also to who has something in line', async () => {
  const posted: [string, string][] = [];
  const out = fanOut({
    connections: memoryConnections(),
    post: async (id, frame) => {
      posted.push([id, frame]);
      return 'sent' as const;
    },
    clock: fakeClock(),
    log: () => {},
  });
  out.send(['a'], []);
  out.send(['a'], ['hello']);
  out.send(['a'], []);
  await out.idle();
  expect(posted).toEqual([['a', 'hello']]);
});

test('a broadcaster is woken once in five seconds, for each broadcast, whatever the clock is set to', async () => {
  let now = 100_000;
  const woken: string[] = [];
  const errors: unknown[] = [];
  const wake = wakeSparingly(
    async (id) => {
      woken.push(id);
      if (id === 'broken') throw new Error('throttled');
    },
    { now: () => now },
    (error) => errors.push(error),
  );
  await wake('a');
  now += 4_999;
  await wake('a');
  expect(woken).toEqual(['a']);
  await wake('broken');
  expect([woken, errors.length]).toEqual([['a', 'broken'], 1]);
  now -= 60_000;
  await wake('broken');
  expect(woken).toEqual(['a', 'broken', 'broken']);
});

test('music that no frame could hold is found by its chunk before it is accepted', () => {
  const many = Array.from({ length: 3_000 }, (_, i) => note(15_000 + i * 4, 3, 21 + (i % 88)));
  const dense = timeline(toMusic([note(0, 100), ...many]));
  expect(tooDense(dense)?.seq).toBe(1);
  expect(tooDense(dense)?.notes).toBeGreaterThan(1_000);
  expect(tooDense(timeline(scale(60_000)))).toBeNull();
});

test('a replay from the middle begins with what is due there, then a chunk each, then the end', () => {
  const frames = [...replayFrames('2026-11-21', timeline(scale(200_000)), 31_000)].map(({ atMs, frame }) => {
    const parsed = parseFrame(frame)!;
    return [atMs, parsed.type, 'seq' in parsed ? parsed.seq : null];
  });
  expect(frames.slice(0, 2)).toEqual([
    [31_000, 'hello', null],
    [31_000, 'chunk', 2],
  ]);
  expect(frames.at(-1)).toEqual([199_750, 'end', null]);
  // Ten and a half chunks are in the lead; the last three are posted at their times.
  expect(frames.slice(2, -1)).toEqual([11, 12, 13].map((seq) => [seq * 15_000 - 120_000, 'chunk', seq]));
});

describe('what a broadcast sent', () => {
  const music = timeline(scale(40_000));
  const record = (fields: Partial<BroadcastRecord> = {}): BroadcastRecord => ({
    ...{ schema: 1, id: 'b', startsAt: 0, state: 'ended', performance: '2026-11-21', encore: false },
    ...{ durationMs: 40_000, epoch: 1, startLatenessMs: 0, endedAt: 1, ...replayHash(music), ...fields },
  });
  const [first, second, third] = replayHash(music).chunkSha256 as [string, string, string];

  test('is equal to a replay of the same music', () => {
    expect(verify(record(), music)).toEqual({ equal: true, chunks: 3, sha256: record().sha256 });
  });

  test('differs at the first chunk that is another, is missing, or is one too many', () => {
    expect(verify(record({ chunkSha256: [first, third, third] }), music)).toMatchObject({
      ...{ equal: false, seq: 1, fromMs: 15_000, toMs: 30_000 },
    });
    expect(verify(record({ chunkSha256: [first, second] }), music)).toMatchObject({ seq: 2 });
    expect(verify(record({ chunkSha256: [first, second, third, third] }), music)).toMatchObject({ seq: 3 });
  });

  test('is not believed where only the sum of it differs, and ends early where it was stopped', () => {
    expect(verify(record({ sha256: first }), music)).toMatchObject({ equal: false, fromMs: 0, toMs: 45_000 });
    expect(verify(record({ state: 'stopped', chunkSha256: [first] }), music)).toMatchObject({
      equal: true,
      chunks: 1,
    });
  });

  test('is the same hash, sent twice, in one frame or in several, or by a predecessor', () => {
    const context = { broadcast: 'b', epoch: 1, here: 3 };
    const twice = broadcastHash();
    twice.sent(chunkFrame(music.stretch(0, 3), context));
    twice.sent(chunkFrame(music.stretch(1, 1), { ...context, epoch: 2 }));
    twice.sentBefore(2, music);
    expect(twice.digest()).toEqual(replayHash(music));
  });
});

test('a performance that cannot be read is told of by its name and the byte; one that is not there is nothing', async () => {
  const performances = memoryPerformances();
  const broken = stored('2026-11-21', scale(20_000));
  const load = timelines({
    ...performances,
    get: async (id) => (id === '2026-11-21' ? { ...broken, midi: broken.midi.slice(0, 10) } : null),
  });
  await expect(load('2026-11-21')).rejects.toThrow(/the MIDI of 2026-11-21 cannot be read at byte \d+/);
  expect(await load('2026-11-22')).toBeNull();
});
