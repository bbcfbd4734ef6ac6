import { expect, test } from '@jest/globals';
import { leastBusy } from '../../src/sampling/least-busy.ts';

/** Tasks that end when they are told to; `begun` says who was given which. */
function team(members: readonly string[], room: number) {
  const give = leastBusy(members, room);
  const begun: string[] = [];
  const ends = new Map<number, () => void>();
  const task = (n: number, fails = false) =>
    give(
      (member) =>
        new Promise<void>((resolve, reject) => {
          begun.push(`${member}${n}`);
          ends.set(n, fails ? () => reject(new Error(`task ${n}`)) : resolve);
        }),
    );
  const end = async (n: number) => {
    ends.get(n)!();
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { begun, task, end };
}

test('each task goes to the member with the fewest, and waits where all are full', async () => {
  const { begun, task, end } = team(['a', 'b'], 2);
  const tasks = [1, 2, 3, 4, 5, 6].map((n) => task(n));
  expect(begun).toEqual(['a1', 'b2', 'a3', 'b4']);
  await end(4);
  await end(1);
  expect(begun.slice(4)).toEqual(['b5', 'a6']);
  for (const n of [2, 3, 5, 6]) await end(n);
  await Promise.all(tasks);
  // All are free again, and both have as little to do.
  void task(7);
  void task(8);
  expect(begun.slice(6)).toEqual(['a7', 'b8']);
});

test('a task that fails is told so alone, and the next takes its place', async () => {
  const { begun, task, end } = team(['a'], 1);
  const failing = expect(task(1, true)).rejects.toThrow('task 1');
  const next = task(2);
  await end(1);
  await failing;
  expect(begun).toEqual(['a1', 'a2']);
  await end(2);
  await next;
});
