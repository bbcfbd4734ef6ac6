import { expect, test } from '@jest/globals';
import { chunkFrames, helloFrame } from '../src/broadcast/frames.ts';
import { toMusic } from '../src/music/note.ts';
import { timeline } from '../src/music/timeline.ts';
import type { Broadcast } from '../src/ports.ts';
import {
  type Chunk,
  encodeFrame,
  type FormTuple,
  type Hello,
  MAX_FRAME_BYTES,
  parseFrame,
} from '../src/wire.ts';
import { note, scale } from './support/music.ts';

const ROW: Broadcast = {
  id: 'b',
  state: 'doors',
  startsAt: 1_790_000_000_000,
  wanted: '2026-11-21',
  performance: '2026-11-21',
  title: 'Rain',
  encore: false,
  durationMs: 300_000,
  startLatenessMs: null,
  heard: null,
  fetchedFrom: null,
  fetchedUntil: null,
  epoch: 1,
  next: null,
};

test('the title goes with the doors, and not before', () => {
  expect(helloFrame(ROW, 0, null).title).toBe('Rain');
  expect(helloFrame({ ...ROW, state: 'scheduled' }, 0, null)).toMatchObject({
    title: null,
    performance: null,
    t0: null,
    durationMs: null,
  });
});

test('the hello of a station that knows no titles is understood, and what it says beyond ours is dropped', () => {
  const hello = helloFrame(ROW, 0, null);
  const { title: _, ...older } = hello;
  expect(parseFrame(JSON.stringify(older))).toEqual({ ...hello, title: null });
  expect(parseFrame(encodeFrame({ ...hello, weather: 'fine' } as Hello))).toEqual(hello);
});

const FORM = [
  { ms: 0, movement: 1, bar: 1, turn: 'begins' },
  { ms: 15_000, movement: 1, bar: 9, turn: 'leaves' },
  { ms: 29_999, movement: 1, bar: 17, turn: 'returns' },
] as const;
const context = { broadcast: 'b', epoch: 1, here: 1 };
const formsOf = (frames: readonly string[]) =>
  frames.map((frame) => (parseFrame(frame) as Chunk).form ?? null);

test('each chunk tells the parts of the form that begin in it, and nothing where none do', () => {
  const music = { ...timeline(scale(45_000)), form: FORM };
  const alone = [0, 1, 2].flatMap((seq) => chunkFrames(music, seq, seq, context));
  expect(formsOf(alone)).toEqual([
    [[0, 1, 1, 'begins']],
    [
      [15_000, 1, 9, 'leaves'],
      [29_999, 1, 17, 'returns'],
    ],
    null,
  ]);
  expect(formsOf(chunkFrames(music, 0, 2, context))[0]).toHaveLength(3);
  expect(alone[2]).toBe(chunkFrames(timeline(scale(45_000)), 2, 2, context)[0]);
});

test('a frame that is full of music keeps to its length, and says nothing of the form', () => {
  // As many notes as one frame just holds.
  const crowded = (count: number) =>
    timeline(toMusic(Array.from({ length: count }, (_, i) => note(i, 1, 21 + (i % 88)))));
  let [count, tooMany] = [1_000, 4_000];
  const bytes = (notes: number) => chunkFrames(crowded(notes), 0, 0, context)[0]!.length;
  while (tooMany - count > 1) {
    const middle = (count + tooMany) >> 1;
    if (bytes(middle) < MAX_FRAME_BYTES) count = middle;
    else tooMany = middle;
  }
  const [frame] = chunkFrames({ ...crowded(count), form: FORM }, 0, 0, context);
  expect(frame!.length).toBeLessThan(MAX_FRAME_BYTES);
  expect(formsOf([frame!])).toEqual([null]);
});

test('a form of sixty-four parts is taken, one of more, or with a turn or a bar that is none, is no frame of ours', () => {
  const plain = parseFrame(chunkFrames(timeline(scale(15_000)), 0, 0, context)[0]!) as Chunk;
  const taken = (form: unknown) => parseFrame(JSON.stringify({ ...plain, form })) !== null;
  const parts = (count: number) => Array.from({ length: count }, (): FormTuple => [0, 1, 1, 'begins']);
  expect(
    [parts(64), parts(65), [[0, 1, 0, 'begins']], [[0, 0, 1, 'begins']], [[0, 1, 1, 'explodes']]].map(taken),
  ).toEqual([true, false, false, false, false]);
});
