import { expect, test } from '@jest/globals';
import { chunkFrames, heldFrames } from '../../src/broadcast/frames.ts';
import { timeline } from '../../src/music/timeline.ts';
import { scale } from '../support/music.ts';

const context = { broadcast: 'b', epoch: 1, here: 1_000 };
const hereOf = (frames: readonly string[]): number => JSON.parse(frames[0]!).here;

test('who comes now is given the very strings that the one before was given', () => {
  const music = timeline(scale(120_000));
  const first = heldFrames(music, 1, 4, context);
  expect(first).toEqual(chunkFrames(music, 1, 4, context));
  expect(heldFrames(music, 1, 4, context)).toBe(first);
  expect(heldFrames(music, 2, 4, context)).toEqual(chunkFrames(music, 2, 4, context));
  expect(heldFrames(music, 1, 4, context)).toBe(first);
});

test('the number of listeners is exact among few, and one in a hundred off at most among many', () => {
  const music = timeline(scale(120_000));
  const heres = (from: number) =>
    [0, 1, 2, 9, 10, 11].map((more) => hereOf(heldFrames(music, 0, 1, { ...context, here: from + more })));
  expect(heres(50)).toEqual([50, 51, 52, 59, 60, 61]);
  expect(heres(1_000)).toEqual([1_000, 1_000, 1_000, 1_000, 1_010, 1_010]);
});

test('another broadcaster, another broadcast and other music have frames of their own', () => {
  const [music, other] = [timeline(scale(120_000)), timeline(scale(60_000))];
  const first = heldFrames(music, 0, 1, context);
  expect(JSON.parse(heldFrames(music, 0, 1, { ...context, epoch: 2 })[0]!)).toMatchObject({ epoch: 2 });
  expect(JSON.parse(heldFrames(music, 0, 1, { ...context, broadcast: 'c' })[0]!)).toMatchObject({
    broadcast: 'c',
  });
  expect(heldFrames(other, 0, 1, context)).toEqual(chunkFrames(other, 0, 1, context));
  expect(heldFrames(music, 0, 1, context)).toEqual(first);
});
