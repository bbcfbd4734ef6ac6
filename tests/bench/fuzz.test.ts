/** The first mutants of each kind that meets strangers; `npm run fuzz` goes on from there. */
import { expect, test } from '@jest/globals';
import * as targets from '../../bench/fuzz/targets.ts';
import * as windows from '../../bench/fuzz/windows.ts';
import * as wire from '../../bench/fuzz/wire.ts';

test.each([
  ['wire', wire, ['join', 'ping', 'resume', 'hello', 'chunk', 'pong', 'end', 'refused']],
  ['targets', targets, ['path, our host, whole', 'path, no host, part', 'no path, no host, whole']],
  [
    'windows',
    windows,
    ['no JSON', 'refused', 'once, to come', 'once, never', 'daily, to come', 'cron, to come', 'sky, to come'],
  ],
] as const)('ten thousand mutants of %s hold, and come out in every way', (_what, { newTarget }, ways) => {
  const target = newTarget(1);
  const outcomes = new Set(Array.from({ length: 10_000 }, (_, index) => target.try(index)));
  expect([...outcomes]).toEqual(expect.arrayContaining([...ways]));
});
