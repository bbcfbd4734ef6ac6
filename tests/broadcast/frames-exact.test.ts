/** What frames say, field by field, and how chunks share them. */
import { describe, expect, test } from '@jest/globals';
import {
  chunkFrame,
  chunkFrames,
  dueMs,
  dueSeq,
  endFrames,
  heldFrames,
  hello,
  helloFrame,
  seqAt,
  stopFrames,
  tooDense,
} from '../../src/broadcast/frames.ts';
import { growingPerformances, type SoFar, timelines } from '../../src/broadcast/timelines.ts';
import type { FormPart } from '../../src/music/form.ts';
import { toMusic } from '../../src/music/note.ts';
import { timeline } from '../../src/music/timeline.ts';
import type { Broadcast, Performances } from '../../src/ports.ts';
import { type Chunk, MAX_FRAME_BYTES, PROTOCOL, parseFrame } from '../../src/wire.ts';
import { note, scale, stored } from '../support/music.ts';

const ROW: Broadcast = {
  ...{ id: 'b', state: 'live', startsAt: 9, wanted: 'w', performance: 'p', title: 'T', encore: true },
  ...{
    durationMs: 7,
    startLatenessMs: 1,
    heard: 2,
    fetchedFrom: null,
    fetchedUntil: null,
    epoch: 3,
    next: 99,
  },
};
const context = { broadcast: 'b', epoch: 3, here: 4 };
const parsed = (frames: readonly string[]) => frames.map((frame) => parseFrame(frame) as Chunk);
const spans = (frames: readonly string[]) => parsed(frames).map(({ seq, count }) => [seq, count]);

describe('numbers and times', () => {
  test('a chunk plays for fifteen seconds, and is due two minutes before', () => {
    expect([-1, 0, 14_999, 15_000].map(seqAt)).toEqual([0, 0, 0, 1]);
    expect([0, 1, 8].map(dueMs)).toEqual([-120_000, -105_000, 0]);
    const music = timeline(scale(60_000));
    expect([-120_001, -120_000, -105_001, -105_000, 0].map((ms) => dueSeq(music, ms))).toEqual([
      -1, 0, 0, 1, 3,
    ]);
  });
});

describe('hello', () => {
  const told = {
    ...{ type: 'hello', protocol: PROTOCOL, broadcast: 'b', state: 'live', performance: 'p', title: 'T' },
    ...{ encore: true, epoch: 3, t0: 9, durationMs: 7, serverNow: 5, next: 99 },
  };

  test('tells all that is known of a broadcast, and nothing of what it will be before its doors', () => {
    expect(helloFrame(ROW, 5, 99)).toEqual(told);
    expect(helloFrame({ ...ROW, state: 'scheduled' }, 5, 99)).toEqual({
      ...told,
      ...{ state: 'scheduled', performance: null, title: null, t0: null, durationMs: null },
    });
    expect(helloFrame(null, 5, null)).toEqual({
      ...told,
      ...{ broadcast: null, state: 'scheduled', performance: null, title: null, encore: false },
      ...{ epoch: 0, t0: null, durationMs: null, next: null },
    });
  });

  test('as a frame tells what comes next: the one after it, or itself', () => {
    expect(parseFrame(hello(ROW, 5))).toEqual(told);
    expect(parseFrame(hello({ ...ROW, state: 'scheduled' }, 5))).toMatchObject({ next: 9 });
  });

  test('follows a stop; an end tells the last chunk, where there was one', () => {
    expect(stopFrames({ ...ROW, state: 'stopped' }, 5).map(parseFrame)).toEqual([
      { type: 'stop', broadcast: 'b', epoch: 3 },
      { ...told, state: 'stopped' },
    ]);
    expect(endFrames(context, 0).map(parseFrame)).toEqual([
      { type: 'end', broadcast: 'b', epoch: 3, lastSeq: 0 },
    ]);
    expect(endFrames(context, -1)).toEqual([]);
  });
});

describe('chunks', () => {
  test('tell what sounds at their beginning, what is struck in them, and how loud it is to be', () => {
    const music = timeline(
      toMusic([note(14_000, 3_000, 50), note(20_000, 10, 60)], [{ ms: 21_000, value: 90 }]),
      1.5,
    );
    expect(chunkFrame(music.stretch(1, 1), context)).toEqual({
      ...{ type: 'chunk', seq: 1, count: 1, broadcast: 'b', epoch: 3, fromMs: 15_000, toMs: 30_000, here: 4 },
      levelDb: 1.5,
      state: { sounding: [[14_000, 3_000, 50, 64]], pedal: 0 },
      notes: [[20_000, 10, 60, 64]],
      pedal: [[21_000, 90]],
    });
  });

  test('are as many in a frame as stay below its bound, and each comes once', () => {
    const music = timeline(scale(300_000));
    expect(spans(chunkFrames(music, 2, 4, context))).toEqual([[2, 3]]);
    expect(chunkFrames(music, 3, 2, context)).toEqual([]);
    const dense = timeline(scale(60_000, 12));
    const frames = chunkFrames(dense, 0, 3, context);
    expect(spans(frames)).toEqual([
      [0, 1],
      [1, 1],
      [2, 1],
      [3, 1],
    ]);
    for (const frame of frames) expect(frame.length).toBeLessThan(MAX_FRAME_BYTES);
    const some = timeline(scale(60_000, 20));
    const [first] = chunkFrames(some, 0, 3, context);
    expect(parsed([first!])[0]!.count).toBe(2);
    expect(first!.length).toBeLessThan(MAX_FRAME_BYTES);
  });

  test('tell the parts of the form that begin in them, from their first instant to before their last', () => {
    const part = (ms: number): FormPart => ({ ms, movement: 1, bar: 2, turn: 'returns' });
    const formed = { ...timeline(scale(60_000)), form: [part(0), part(15_000), part(29_999), part(30_000)] };
    expect(parsed(chunkFrames(formed, 1, 1, context))[0]!.form).toEqual([
      [15_000, 1, 2, 'returns'],
      [29_999, 1, 2, 'returns'],
    ]);
    expect('form' in parsed(chunkFrames(formed, 3, 3, context))[0]!).toBe(false);
    expect('form' in parsed(chunkFrames(timeline(scale(60_000)), 0, 0, context))[0]!).toBe(false);
  });

  test('go without their form where it would not fit', () => {
    const music = timeline(scale(15_000, 10));
    const form = Array.from(
      { length: 60 },
      (_, i): FormPart => ({ ms: i, movement: 1, bar: i + 1, turn: 'varies' }),
    );
    const [frame] = chunkFrames({ ...music, form }, 0, 0, context);
    const [plain] = chunkFrames(music, 0, 0, context);
    const fits = plain!.length + JSON.stringify(form).length < MAX_FRAME_BYTES;
    expect('form' in parsed([frame!])[0]!).toBe(fits);
    expect(frame!.length).toBeLessThan(MAX_FRAME_BYTES);
  });

  test('sixteen stretches are kept for those who come now, and no more', () => {
    const music = timeline(scale(600_000));
    const first = heldFrames(music, 0, 0, context);
    for (let to = 1; to < 16; to++) heldFrames(music, 0, to, context);
    expect(heldFrames(music, 0, 15, context)).toBe(heldFrames(music, 0, 15, context));
    expect(heldFrames(music, 0, 0, context)).not.toBe(first);
  });

  test('too dense for a frame are told by their number and notes', () => {
    expect(tooDense(timeline(scale(60_000)))).toBeNull();
    const many = Array.from({ length: 3_000 }, (_, i) => note(30_000 + i * 4, 3, 21 + (i % 88)));
    expect(tooDense(timeline(toMusic([note(0, 9), ...many])))).toEqual({ seq: 2, notes: 3_000 });
  });
});

describe('music that is composed while it plays', () => {
  const soFar = (lengthMs: number, knownMs: number): SoFar => ({
    ...{ music: scale(lengthMs), knownMs, title: 'Growing', movements: [] },
  });

  test('is known in whole chunks, keeps its level, and is whole or broken in the end', () => {
    const growing = growingPerformances();
    expect([growing.of('d'), growing.levelOf('d')]).toEqual([null, null]);
    growing.grow('d', soFar(60_000, 44_999));
    const level = growing.levelOf('d');
    expect(growing.of('d')).toMatchObject({
      chunks: 2,
      still: 'growing',
      title: 'Growing',
      form: [],
      levelDb: level,
    });
    growing.grow('d', soFar(61_000, 90_000));
    expect(growing.of('d')).toMatchObject({ chunks: 5, still: 'growing', levelDb: level });
    growing.broken('d');
    expect(growing.of('d')).toMatchObject({ chunks: 5, still: 'broken', levelDb: level });
    growing.whole('d');
    expect([growing.of('d'), growing.levelOf('d')]).toEqual([null, level]);
    growing.broken('another');
    expect(growing.of('another')).toBeNull();
  });

  test('is taken from here while it grows, and from the archive, once, when it is whole', async () => {
    const growing = growingPerformances();
    growing.grow('d', soFar(60_000, 60_000));
    let read = 0;
    const archive = {
      get: async (id: string) => {
        read++;
        return id === 'd' ? stored('d', scale(90_000)) : null;
      },
    } as Partial<Performances> as Performances;
    const load = timelines(archive, growing);
    expect((await load('d'))?.still).toBe('growing');
    expect(read).toBe(0);
    growing.whole('d');
    const whole = await load('d');
    expect([whole?.still, whole?.levelDb, whole?.title]).toEqual([undefined, growing.levelOf('d'), 'd']);
    expect(await load('d')).toBe(whole);
    expect(read).toBe(1);
    expect(await load('another')).toBeNull();
    expect(await load('d')).toBe(whole);
    expect(read).toBe(2);
  });
});
