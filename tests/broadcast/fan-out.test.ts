/** How frames reach many listeners side by side. */
import { expect, test } from '@jest/globals';
import { memoryConnections } from '../../src/adapters/memory/memory.ts';
import { fanOut } from '../../src/broadcast/fan-out.ts';
import type { Post } from '../../src/ports.ts';

type Outcome = Awaited<ReturnType<Post>>;
type Pending = { id: string; frame: string; done: (outcome: Outcome) => void; fail: (error: Error) => void };

/** Posts that are under way until the test ends them. */
function setting() {
  const connections = memoryConnections();
  const under: Pending[] = [];
  const log: [string, unknown][] = [];
  const post: Post = (id, frame) => new Promise((done, fail) => void under.push({ id, frame, done, fail }));
  const out = fanOut({ connections, post, log: (event, details) => void log.push([event, details]) });
  const settle = () => new Promise((resolve) => setImmediate(resolve));
  const end = async (outcome: Outcome) => {
    for (const each of under.splice(0)) each.done(outcome);
    await settle();
  };
  const ids = async () => {
    const all: string[] = [];
    for await (const id of connections.list()) all.push(id);
    return all;
  };
  return { connections, under, log, out, end, ids, settle };
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
