import { expect, test } from '@jest/globals';
import { chunkFrames } from '../../../src/broadcast/frames.ts';
import { countedPost } from '../../../src/lambda/shared/counted-post.ts';
import { timeline } from '../../../src/music/timeline.ts';
import type { Attempt } from '../../../src/ports.ts';
import { scale } from '../../support/music.ts';

const T0 = Date.UTC(2026, 10, 21, 19);
const BROADCAST = `daily@${new Date(T0).toISOString()}`;

test('posts are counted by what came of them, and chunks by how late they were taken', async () => {
  let now = 0;
  const outcomes: ('sent' | 'gone' | 'slow' | 'throw' | 'refused')[] = [];
  const post: Attempt = async (_id, _frame, refusals) => {
    const outcome = outcomes.shift() ?? 'sent';
    if (outcome === 'refused') return { againInMs: 100 + refusals };
    if (outcome === 'throw') throw new Error('hang up');
    return outcome;
  };
  const counted = countedPost(post, { now: () => now });
  const [frame] = chunkFrames(timeline(scale(60_000)), 2, 2, { broadcast: BROADCAST, epoch: 1, here: 37 });
  // Chunk 2 begins at 30 s, and is due 120 s before.
  for (let late = 1; late <= 100; late++) {
    now = T0 + 30_000 - 120_000 + late * 10;
    expect(await counted.post('a', frame!, 0)).toBe('sent');
  }
  outcomes.push('refused', 'gone', 'slow', 'throw');
  // It has come to nothing yet.
  expect(await counted.post('b', frame!, 1)).toEqual({ againInMs: 101 });
  await counted.post('b', '{"type":"hello"}', 0);
  await counted.post('c', frame!, 0);
  await expect(counted.post('d', frame!, 0)).rejects.toThrow('hang up');
  expect(counted.counts()).toEqual({
    posts: 103,
    gone: 1,
    slow: 1,
    failed: 1,
    listenersPeak: 37,
    latenessP50: 500,
    latenessP99: 990,
  });
});
