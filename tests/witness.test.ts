import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { outcomesOf } from './browser/witness/outcomes.ts';
import { conclude, InconclusiveError, type Run } from './browser/witness/tries.ts';
import { describeStalls, stallsOfAudio, stallsOfTimer, verdictOf } from './browser/witness/verdict.ts';

describe('a timer of 20 ms', () => {
  test('that is 49 ms late is none; one that is 50 ms late is a stall of 50 ms', () => {
    expect(stallsOfTimer('worker', [1_000, 1_020, 1_089, 1_109])).toEqual([]);
    expect(stallsOfTimer('worker', [1_000, 1_020, 1_090, 1_110])).toEqual([{ by: 'worker', ms: 50 }]);
  });

  test('tells every stall, and none where it hardly ran', () => {
    expect(stallsOfTimer('node', [0, 300, 320, 1_000]).map(({ ms }) => ms)).toEqual([280, 660]);
    expect(stallsOfTimer('node', [])).toEqual([]);
    expect(stallsOfTimer('node', [7])).toEqual([]);
  });
});

describe('an audio clock of 48 kHz', () => {
  /** Two blocks of 128 frames in a burst, each 16/3 ms, as long as `lateMs` has it; `lostMs` frames are never rendered. */
  const rendered = (lateMs: (at: number) => number, lostMs: (at: number) => number) =>
    Array.from({ length: 375 }, (_, i): [number, number] => {
      const at = 5_000 + Math.floor(i / 2) * (16 / 3);
      return [at + lateMs(at), i * 128 - 48 * lostMs(at)];
    });
  const never = () => 0;
  const fromThen = (instant: number, ms: number) => (at: number) => (at >= instant ? ms : 0);

  test('that runs in bursts and in time shows nothing', () => {
    expect(stallsOfAudio(rendered(never, never), 48_000)).toEqual([]);
    expect(stallsOfAudio([], 48_000)).toEqual([]);
  });

  test('that loses 4 ms for good shows nothing, and one that loses 6 ms a stall of 6 ms', () => {
    expect(stallsOfAudio(rendered(never, fromThen(5_500, 4)), 48_000)).toEqual([]);
    const [stall, ...others] = stallsOfAudio(rendered(never, fromThen(5_500, 6)), 48_000);
    expect(stall).toEqual({ by: 'audio', ms: expect.closeTo(6, 6) });
    expect(others).toEqual([]);
  });

  test('that renders one burst 40 ms late, and is in time again with the next, shows nothing', () => {
    const late = (at: number) => (at > 5_500 && at < 5_506 ? 40 : 0);
    expect(stallsOfAudio(rendered(late, never), 48_000)).toEqual([]);
  });

  test('that renders nothing for 400 ms shows a stall, though it catches up', () => {
    const standing = (at: number) => (at >= 5_250 && at < 5_650 ? 5_650 - at : 0);
    const [stall, ...others] = stallsOfAudio(rendered(standing, never), 48_000);
    // The block before was rendered 4.7 ms before it stood still.
    expect(stall).toEqual({ by: 'audio', ms: expect.closeTo(400 + 14 / 3, 6) });
    expect(others).toEqual([]);
  });
});

test('a failure without a stall is a failure, one beside a stall inconclusive, and what passes passes', () => {
  const stall = { by: 'audio', ms: 6 } as const;
  expect(verdictOf(true, [])).toBe('failed');
  expect(verdictOf(true, [stall])).toBe('inconclusive');
  expect(verdictOf(false, [stall])).toBe('passed');
  expect(verdictOf(false, [])).toBe('passed');
});

test('stalls are told by the worst of each kind', () => {
  const seen = [
    { by: 'audio', ms: 12 },
    { by: 'worker', ms: 180.4 },
    { by: 'audio', ms: 34 },
  ] as const;
  expect(describeStalls(seen)).toBe('audio 34 ms, worker 180 ms');
});

describe('trying again', () => {
  const fault = new Error('a note is missing\nand more');
  const failed: Run = { failure: fault, stalls: [] };
  const stalled: Run = { failure: fault, stalls: [{ by: 'worker', ms: 90 }] };
  const passed: Run = { failure: null, stalls: [] };
  /** Concludes with three tries; what was thrown, told, and how often it was run and paused. */
  async function concluding(runs: Run[]) {
    const told: string[] = [];
    const left = [...runs];
    let pauses = 0;
    const pause = async () => void pauses++;
    const thrown = await conclude(
      async () => left.shift()!,
      3,
      pause,
      (line) => told.push(line),
    ).then(
      () => null,
      (error: Error) => error,
    );
    return { thrown, told, ran: runs.length - left.length, pauses };
  }

  test('what passes is run once', async () => {
    expect(await concluding([passed, passed])).toEqual({ thrown: null, told: [], ran: 1, pauses: 0 });
  });

  test('a failure without a stall is thrown at once, as it is', async () => {
    const { thrown, ran } = await concluding([failed, passed]);
    expect(thrown).toBe(fault);
    expect(ran).toBe(1);
  });

  test('one beside a stall is run again, after a pause; a failure without a stall ends that', async () => {
    const line = (n: number) =>
      `inconclusive, ${n} of 3: the machine stood still (worker 90 ms); a note is missing`;
    expect(await concluding([stalled, stalled, passed])).toEqual({
      thrown: null,
      told: [line(1), line(2)],
      ran: 3,
      pauses: 2,
    });
    const { thrown, ran } = await concluding([stalled, failed, passed]);
    expect(thrown).toBe(fault);
    expect(ran).toBe(2);
  });

  test('one that stays so fails as inconclusive, with the stall’s figure and the last failure', async () => {
    const { thrown, ran, pauses } = await concluding([stalled, stalled, stalled, passed]);
    expect(thrown).toBeInstanceOf(InconclusiveError);
    expect(thrown!.message).toBe(
      'inconclusive, 3 of 3: the machine stood still (worker 90 ms)\na note is missing\nand more',
    );
    expect(thrown!.cause).toBe(fault);
    expect([ran, pauses]).toEqual([3, 2]);
  });
});

test('the soak tells failures from what is inconclusive, and counts a suite that did not run as failed', () => {
  const report = {
    testResults: [
      {
        name: '/p/tests/browser/a.test.ts',
        message: '',
        assertionResults: [
          { title: 'one', status: 'passed', failureMessages: [] },
          { title: 'two', status: 'failed', failureMessages: ['Error: a note is missing\n    at x'] },
          {
            title: 'three',
            status: 'failed',
            failureMessages: [
              'InconclusiveError: inconclusive, 1 of 1: the machine stood still (audio 9 ms)\nb',
            ],
          },
        ],
      },
      { name: '/p/tests/browser/b.test.ts', message: 'SyntaxError: no', assertionResults: [] },
    ],
  };
  expect(outcomesOf(report)).toEqual([
    { test: 'one', verdict: 'passed', why: '' },
    { test: 'two', verdict: 'failed', why: 'Error: a note is missing' },
    {
      test: 'three',
      verdict: 'inconclusive',
      why: 'inconclusive, 1 of 1: the machine stood still (audio 9 ms)',
    },
    { test: 'b.test.ts', verdict: 'failed', why: 'SyntaxError: no' },
  ]);
});

test('who holds what is heard against the clock with a witness runs alone', () => {
  const folder = new URL('browser/', import.meta.url);
  const config = readFileSync(new URL('../jest.config.js', import.meta.url), 'utf8');
  const alone = /const HEARD = \[([^\]]+)\]/.exec(config)?.[1] ?? '';
  const witnessed = readdirSync(folder)
    .filter((name) => name.endsWith('.test.ts'))
    .filter((name) => readFileSync(new URL(name, folder), 'utf8').includes('/witnessed.ts'))
    .map((name) => name.replace('.test.ts', ''));
  expect(witnessed.length).toBeGreaterThanOrEqual(6);
  for (const name of witnessed) expect(alone).toContain(`'${name}'`);
});
