/** The first mutants of each kind that meets strangers; `npm run fuzz` goes on from there. */
import { expect, test } from '@jest/globals';
import * as targets from '../../bench/fuzz/targets.ts';
import * as windows from '../../bench/fuzz/windows.ts';
import * as wire from '../../bench/fuzz/wire.ts';

test.each([
  ['wire', 10_000, wire, ['join', 'ping', 'resume', 'hello', 'chunk', 'pong', 'end', 'refused']],
  ['targets', 10_000, targets, ['path, our host, whole', 'path, no host, part', 'no path, no host, whole']],
  [
    'windows',
    2_000,
    windows,
    ['no JSON', 'refused', 'once, to come', 'once, never', 'daily, to come', 'cron, to come', 'sky, to come'],
  ],
] as const)(
  'mutants of %s, %d of them, hold and come out in every way',
  (_what, count, { newTarget }, ways) => {
    const target = newTarget(1);
    const outcomes = new Set(Array.from({ length: count }, (_, index) => target.try(index)));
    expect([...outcomes]).toEqual(expect.arrayContaining([...ways]));
  },
);
