/** Which broadcasts of windows that would meet happen, and which are left out. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { findConflict } from '../../src/schedule/conflicts.ts';
import { describeLeftOut } from '../../src/schedule/describe.ts';
import { type Occurrence, occurrences } from '../../src/schedule/occurrences.ts';
import { endOf, happens, keptOutBy, leftOutFor, nextOf, upcoming } from '../../src/schedule/upcoming.ts';
import { DOORS_MS, parseWindow, type Window } from '../../src/schedule/window.ts';
import { anyWindow, aWindow, EVERY_DAY } from '../support/windows.ts';

const NOW = Date.parse('2026-11-25T12:00Z');
const DAY_MS = 86_400_000;
const daily = (id: string, at: string, fields: Partial<Window> = {}) =>
  aWindow({ id, title: '', rule: { kind: 'daily', at, days: EVERY_DAY }, timeZone: 'UTC', ...fields });
const friday = daily('friday', '20:00', { rule: { kind: 'daily', at: '20:00', days: [5] } });
const evening = daily('evening', '20:10', { priority: -1 });

/** `fri 20:00 friday`. */
const told = (windows: readonly Window[], count: number): string[] => {
  const lines: string[] = [];
  for (const { window, local } of upcoming(windows, NOW)) {
    lines.push(`${local.slice(5, 16)} ${window}`);
    if (lines.length === count) break;
  }
  return lines;
};

describe('priority', () => {
  test('leaves out the lower of two that would meet, that once', () => {
    expect(told([evening, friday], 4)).toEqual([
      '11-25T20:10 evening',
      '11-26T20:10 evening',
      '11-27T20:00 friday',
      '11-28T20:10 evening',
    ]);
    expect(findConflict(evening, [friday], NOW)).toBeNull();
    expect(findConflict(friday, [evening], NOW)).toBeNull();
    expect(findConflict({ ...evening, priority: 0 }, [friday], NOW)).not.toBeNull();
  });

  test('counts the time from the doors to the limit, and not a millisecond more', () => {
    const [after, before] = [
      daily('after', '20:20', { priority: -1 }),
      daily('before', '19:40', { priority: -1 }),
    ];
    for (const clear of [after, before]) expect(leftOutFor(clear, [clear, friday], NOW)).toEqual([]);
    for (const meets of [
      daily('after', '20:19', { priority: -1 }),
      daily('before', '19:41', { priority: -1 }),
    ])
      expect(leftOutFor(meets, [meets, friday], NOW)).toHaveLength(57);
  });

  test('of one that is itself left out keeps nobody out', () => {
    const middle = daily('middle', '20:10');
    const low = daily('low', '20:25', { priority: -1 });
    const high = { ...friday, priority: 1 };
    expect(told([high, middle, low], 4)).toEqual([
      '11-25T20:10 middle',
      '11-26T20:10 middle',
      '11-27T20:00 friday',
      '11-27T20:25 low',
    ]);
  });

  test('of 0 is what a window has that was stored without one', () => {
    const { priority: _, ...stored } = friday;
    expect(parseWindow(stored)).toEqual(friday);
    for (const priority of [10, -10, 0.5, '1'])
      expect(parseWindow({ ...friday, priority })).toHaveProperty('problem');
  });
});

test('a window that is always left out has no next broadcast, and the stream of it ends', () => {
  const never = daily('never', '20:00', { priority: -1 });
  const always = daily('always', '20:00');
  expect(nextOf(never, [never, always], NOW)).toBeNull();
  expect(told([never, { ...always, lastDate: '2026-11-25' }], 2)).toEqual([
    '11-25T20:00 always',
    '11-26T20:00 never',
  ]);
  expect(nextOf(never, [never, { ...always, lastDate: '2027-11-01' }], NOW)?.local).toBe(
    '2027-11-02T20:00:00+00:00',
  );
});

test('what is left out is told with how often and when first, by both windows', () => {
  for (const window of [evening, friday]) {
    const leftOut = leftOutFor(window, [evening, friday], NOW);
    expect(describeLeftOut(leftOut)).toEqual([
      'evening is left out 57 times in the next 400 days, where friday goes before it: first Fri 2026-11-27 20:10 UTC',
    ]);
  }
});

test('a window may not be put before a broadcast that is under way, whatever its priority', () => {
  const during = Date.parse('2026-11-25T20:12Z');
  const urgent = aWindow({
    id: 'urgent',
    timeZone: 'UTC',
    rule: { kind: 'once', at: '2026-11-25T20:29' },
    priority: 9,
  });
  expect(findConflict(urgent, [evening], during)).toMatchObject({
    earlier: { window: 'evening' },
    later: { window: 'urgent' },
  });
  const clear = { ...urgent, rule: { kind: 'once', at: '2026-11-25T20:30' } } as const;
  expect(findConflict(clear, [evening], during)).toBeNull();
});

const first = (window: Window, count: number): readonly Occurrence[] => {
  const found: Occurrence[] = [];
  for (const each of occurrences(window, NOW)) if (found.push(each) === count) break;
  return found;
};

test('of any windows of different priorities no two broadcasts meet, and each that is left out meets one that happens', () => {
  fc.assert(
    fc.property(fc.tuple(anyWindow, anyWindow, anyWindow), (drawn) => {
      const windows = drawn.map((window, i) => ({ ...window, id: `w${i}`, priority: i }));
      const of = (id: string): Window => windows.find((window) => window.id === id)!;
      const until = NOW + 20 * DAY_MS;
      const played: { window: string; startsAt: number }[] = [];
      for (const each of upcoming(windows, NOW)) {
        if (each.startsAt > until || played.push(each) === 60) break;
      }
      for (const [i, each] of played.entries()) {
        expect(happens(of(each.window), each.startsAt, windows)).toBe(true);
        for (const later of played.slice(i + 1, i + 4)) {
          if (later.window === each.window) continue;
          expect(later.startsAt - DOORS_MS).toBeGreaterThanOrEqual(endOf(of(each.window), each.startsAt));
        }
      }
      for (const { startsAt } of first(of('w1'), 20)) {
        const by = keptOutBy(of('w1'), startsAt, windows);
        expect(by === null || happens(of(by.window), by.startsAt, windows)).toBe(true);
        const listed = played.some((each) => each.window === 'w1' && each.startsAt === startsAt);
        // Nothing is known of what comes after the last that was listed, nor where none was.
        if (startsAt <= (played.at(-1)?.startsAt ?? 0)) expect(listed).toBe(by === null);
      }
    }),
    { numRuns: 12 },
  );
});
