import { setImmediate as immediate } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { inTurns } from '../../../src/adapters/net/turns.ts';

test('a flood is worked off in order, eight pieces a turn, and what comes meanwhile after it', async () => {
  const soon = inTurns();
  const done: number[] = [];
  for (let i = 0; i < 20; i++) soon(() => done.push(i));
  const after: number[] = [];
  for (let turn = 0; turn < 4; turn++) {
    await immediate();
    after.push(done.length);
    if (turn === 0) soon(() => done.push(20));
  }
  expect(after).toEqual([8, 16, 21, 21]);
  expect(done).toEqual(Array.from({ length: 21 }, (_, i) => i));
  soon(() => done.push(21));
  await immediate();
  expect(done.at(-1)).toBe(21);
});
