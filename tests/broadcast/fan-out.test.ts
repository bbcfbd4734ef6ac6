/** How frames reach many listeners side by side. */
import { expect, test } from '@jest/globals';
import { memoryConnections } from '../../src/adapters/memory/memory.ts';
import { fanOut } from '../../src/broadcast/fan-out.ts';
import type { Attempt, PostOutcome } from '../../src/ports.ts';
import { fakeClock } from '../support/fake-clock.ts';

type Outcome = Awaited<ReturnType<Attempt>>;
type Pending = {
  id: string;
  frame: string;
  refusals: number;
  done: (outcome: Outcome) => void;
  fail: (error: Error) => void;
};

/** Posts that are under way until the test ends them. */
function setting() {
  const connections = memoryConnections();
  const under: Pending[] = [];
  const log: [string, unknown][] = [];
  const post: Attempt = (id, frame, refusals) =>
    new Promise((done, fail) => void under.push({ id, frame, refusals, done, fail }));
  const clock = fakeClock();
  const out = fanOut({ connections, post, clock, log: (event, details) => void log.push([event, details]) });
  const settle = () => new Promise((resolve) => setImmediate(resolve));
  const end = async (outcome: Outcome) => {
    for (const each of under.splice(0)) each.done(outcome);
    await settle();
  };
  const ids = () => connections.list();
  return { connections, clock, under, log, out, end, ids, settle };
}
const names = (under: readonly Pending[]) => under.map(({ id, frame }) => `${id} ${frame}`);

test('everybody is given a first frame before anybody a second one, and each its own in order', async () => {
  const { out, under, end } = setting();
  out.send(['a', 'b'], ['1', '2']);
  expect(names(under)).toEqual(['a 1', 'b 1']);
  out.send(['b', 'c'], ['3']);
  expect(names(under)).toEqual(['a 1', 'b 1', 'c 3']);
  await end('sent');
  expect(names(under)).toEqual(['a 2', 'b 2']);
  await end('sent');
  expect(names(under)).toEqual(['b 3']);
});

test('sixty-four posts are under way at once, and no more', async () => {
  const { out, under, settle } = setting();
  out.send(
    Array.from({ length: 70 }, (_, i) => String(i)),
    ['x'],
  );
  expect(under).toHaveLength(64);
  under[10]!.done('sent');
  await settle();
  expect(under.map(({ id }) => id).slice(64)).toEqual(['64']);
});

test('whoever is gone is forgotten, with what was in line for it', async () => {
  const { out, under, end, connections, ids } = setting();
  await connections.add('a');
  await connections.add('b');
  out.send(['a'], ['1', '2']);
  await end('gone');
  expect(under).toEqual([]);
  expect(await ids()).toEqual(['b']);
});

test('whoever is slow loses what was in line, and stays', async () => {
  const { out, under, end, connections, ids, log } = setting();
  await connections.add('a');
  out.send(['a'], ['1', '2']);
  await end('slow');
  expect(under).toEqual([]);
  expect(await ids()).toEqual(['a']);
  out.send(['a'], ['3']);
  expect(names(under)).toEqual(['a 3']);
  expect(log).toEqual([]);
});

test('a post that fails is told with its reason, and harms no other', async () => {
  const { out, under, settle, log } = setting();
  out.send(['a', 'b'], ['1', '2']);
  under.shift()!.fail(new Error('throttled'));
  under.shift()!.done('sent');
  await settle();
  expect(names(under)).toEqual(['b 2']);
  expect(log).toEqual([['post.failed', { reason: 'throttled' }]]);
});

test('sixteen frames may wait for one listener; what is more is lost, and told', async () => {
  const { out, under, log } = setting();
  const frames = (count: number) => Array.from({ length: count }, (_, i) => String(i));
  out.send(['a'], frames(9));
  // One of them is under way: eight wait.
  out.send(['a'], frames(8));
  expect(log).toEqual([]);
  out.send(['a', 'b'], ['more']);
  expect(log).toEqual([['post.behind', { waiting: 16 }]]);
  expect(names(under)).toEqual(['a 0', 'b more']);
});

test('it is idle when nothing is under way or in line, and at once where nothing ever was', async () => {
  const { out, end } = setting();
  await out.idle();
  out.send(['a'], ['1', '2']);
  let idle = 0;
  const waits = [out.idle(), out.idle()].map((wait) => wait.then(() => idle++));
  await end('sent');
  expect(idle).toBe(0);
  await end('sent');
  expect(idle).toBe(2);
  await Promise.all(waits);
  out.send(['a'], ['3']);
  void out.idle().then(() => idle++);
  await end('sent');
  expect(idle).toBe(3);
});

test('whoever is refused waits outside of all places, and comes after those who were not tried yet', async () => {
  const { out, under, clock, settle } = setting();
  const ids = Array.from({ length: 66 }, (_, i) => String(i));
  out.send(ids, ['x', 'y']);
  under.shift()!.done({ againInMs: 100 });
  await settle();
  expect(names(under).slice(63)).toEqual(['64 x']);
  await clock.runTo(99);
  under.shift()!.done('sent');
  await settle();
  expect(names(under).slice(63)).toEqual(['65 x']);
  // Its time has come: it is behind the second frame that was in line before, and before all others.
  await clock.runTo(100);
  under.splice(0, 1)[0]!.done('sent');
  await settle();
  under.splice(0, 1)[0]!.done('sent');
  await settle();
  expect(names(under).slice(62)).toEqual(['1 y', '0 x']);
  expect(under.at(-1)!.refusals).toBe(1);
});

test('what is refused is not idle yet, and its listener has its frames in order', async () => {
  const { out, under, clock, end, settle } = setting();
  out.send(['a'], ['1', '2']);
  await end({ againInMs: 100 });
  out.send(['a'], ['3']);
  let idle = false;
  void out.idle().then(() => {
    idle = true;
  });
  await settle();
  expect([under.length, idle]).toEqual([0, false]);
  await clock.runTo(100);
  expect(under.map(({ frame, refusals }) => [frame, refusals])).toEqual([['1', 1]]);
  await end('sent');
  expect(under.map(({ frame, refusals }) => [frame, refusals])).toEqual([['2', 0]]);
  await end('sent');
  expect(names(under)).toEqual(['a 3']);
  await end('sent');
  expect(idle).toBe(true);
});

test('who did not take the last frame comes after all others, in sixteen places of the sixty-four, until it takes one', async () => {
  const { out, under, end, settle } = setting();
  const ill = Array.from({ length: 40 }, (_, i) => `ill ${i}`);
  out.send(ill, ['1']);
  for (const each of under.splice(0, 20)) each.fail(new Error('no answer'));
  await end('slow');
  out.send([...ill, 'a', 'b'], ['2']);
  expect(names(under).slice(0, 3)).toEqual(['a 2', 'b 2', 'ill 0 2']);
  expect(under).toHaveLength(2 + 16);
  await end('sent');
  expect(under).toHaveLength(16);
  while (under.length > 0) await end('sent');
  out.send([...ill, 'a'], ['3']);
  expect(under).toHaveLength(41);
  await settle();
});

/** Posts whose outcome is known at once. */
function atOnce(outcomeOf: (id: string) => PostOutcome = () => 'sent') {
  const connections = memoryConnections();
  const posted: string[] = [];
  const log: [string, unknown][] = [];
  const post: Attempt = (id, frame) => {
    posted.push(`${id} ${frame}`);
    return outcomeOf(id);
  };
  const out = fanOut({
    ...{ connections, post, clock: fakeClock() },
    log: (event, details) => void log.push([event, details]),
  });
  return { out, posted, log, connections };
}

test('what is settled at once goes out at once, everybody a first frame before anybody a second one', () => {
  const { out, posted } = atOnce();
  out.send(['a', 'b'], ['1', '2', '3']);
  expect(posted).toEqual(['a 1', 'b 1', 'a 2', 'b 2', 'a 3', 'b 3']);
});

test('of what is settled at once 256 posts are one turn of the event loop, and nothing is idle before the last', async () => {
  const { out, posted } = atOnce();
  const ids = Array.from({ length: 300 }, (_, i) => String(i));
  out.send(ids, ['x', 'y']);
  expect(posted).toHaveLength(256);
  // What is said meanwhile comes after it, and does not hurry it.
  out.send(['0'], ['z']);
  expect(posted).toHaveLength(256);
  const counts: number[] = [];
  void Promise.resolve().then(() => counts.push(posted.length));
  await out.idle();
  expect(counts).toEqual([256]);
  expect(posted).toHaveLength(601);
  expect(posted.slice(298, 301)).toEqual(['298 x', '299 x', '0 y']);
  expect(posted.at(-1)).toBe('0 z');
});

test('of those who get it at once, who is gone is forgotten, who is slow loses the rest, and a fault harms no other', async () => {
  const { out, posted, log, connections } = atOnce((id) => {
    if (id === 'torn') throw new Error('torn');
    return id === 'gone' ? 'gone' : id === 'slow' ? 'slow' : 'sent';
  });
  for (const id of ['gone', 'slow']) await connections.add(id);
  out.send(['torn', 'gone', 'slow', 'there'], ['1', '2']);
  await out.idle();
  expect(posted).toEqual(['torn 1', 'gone 1', 'slow 1', 'there 1', 'there 2']);
  expect(log).toEqual([['post.failed', { reason: 'torn' }]]);
  expect(await connections.count()).toBe(1);
});
