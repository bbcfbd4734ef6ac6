import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { DateTime } from 'luxon';
import { memoryBroadcasts } from '../../src/adapters/memory/memory.ts';
import { broadcastId, parseBroadcastId } from '../../src/broadcast/id.ts';
import type { Timer } from '../../src/ports.ts';
import { findConflict } from '../../src/schedule/conflicts.ts';
import { parseCron } from '../../src/schedule/cron.ts';
import { occurrences, startsThen } from '../../src/schedule/occurrences.ts';
import { upcoming } from '../../src/schedule/upcoming.ts';
import { DOORS_MS, parseWindow, type Window } from '../../src/schedule/window.ts';
import { arm, disarmObsolete, planOf } from '../../src/station/arm.ts';
import { anyCron, anyRule, anyWindow, aWindow, ZONES } from '../support/windows.ts';

const anyInstant = fc.integer({ min: Date.UTC(2026, 0), max: Date.UTC(2029, 0) });
const first = (window: Window, after: number, n: number): number[] => {
  const found: number[] = [];
  for (const { startsAt } of occurrences(window, after)) {
    found.push(startsAt);
    if (found.length === n) break;
  }
  return found;
};

test('occurrences ascend, lie after the instant asked for, and do not depend on where one began to look', () => {
  fc.assert(
    fc.property(anyWindow, anyInstant, (window, after) => {
      const found = first(window, after, 6);
      let before = after;
      for (const at of found) {
        expect(at).toBeGreaterThan(before);
        expect(startsThen(window, at)).toBe(true);
        before = at;
      }
      if (found.length > 3) expect(first(window, found[2]!, 3)).toEqual(found.slice(3, 6));
      if (found[0] !== undefined) expect(first(window, found[0] - 1, 1)).toEqual([found[0]]);
    }),
    { numRuns: 60 },
  );
});

test('whatever cron expression: just the minutes that the clocks show it, by another library, minute by minute', () => {
  const DAYS = 2;
  // Around clock changes of Berlin, New York, Lord Howe, Casablanca and Cairo.
  const anyStart = fc.constantFrom(
    '2027-03-26',
    '2027-10-30',
    '2026-10-31',
    '2027-04-03',
    '2027-02-06',
    '2027-04-29',
  );
  fc.assert(
    fc.property(anyCron, fc.constantFrom(...ZONES), anyStart, (expression, timeZone, start) => {
      const from = Date.parse(`${start}T00:00Z`);
      const to = from + DAYS * 86_400_000;
      const window = aWindow({ rule: { kind: 'cron', expression }, timeZone });
      const found: number[] = [];
      for (const { startsAt } of occurrences(window, from - 1)) {
        if (startsAt >= to) break;
        found.push(startsAt);
      }
      expect(found).toEqual(minutesThatMatch(expression, timeZone, from, to));
    }),
    { numRuns: 15 },
  );
});

/** Every minute in turn; one whose wall-clock time was shown before, in an overlap, is left out. */
function minutesThatMatch(expression: string, zone: string, from: number, to: number): number[] {
  const cron = parseCron(expression);
  if ('problem' in cron) throw new Error(cron.problem);
  const found: number[] = [];
  // Begins a day early to know what has been shown before.
  const shown = new Set<string>();
  for (let at = from - 86_400_000; at < to; at += 60_000) {
    const wall = DateTime.fromMillis(at, { zone });
    if (!cron.hours.includes(wall.hour) || !cron.minutes.includes(wall.minute)) continue;
    if (!cron.onDate({ day: wall.day, month: wall.month, weekday: wall.weekday })) continue;
    const key = wall.toFormat('yyyy-MM-dd HH:mm');
    if (!shown.has(key) && at >= from) found.push(at);
    shown.add(key);
  }
  return found;
}

test('several windows give one ascending stream that holds what each gives alone', () => {
  fc.assert(
    fc.property(fc.array(anyRule, { minLength: 1, maxLength: 4 }), anyInstant, (rules, after) => {
      const windows = rules.map((rule, i) => aWindow({ id: `w${i}`, rule }));
      const merged: { window: string; startsAt: number }[] = [];
      for (const occurrence of upcoming(windows, after)) {
        if (merged.push(occurrence) === 8) break;
      }
      expect([...merged].sort((a, b) => a.startsAt - b.startsAt)).toEqual(merged);
      for (const window of windows) {
        const own = merged.filter(({ window: id }) => id === window.id).map(({ startsAt }) => startsAt);
        expect(first(window, after, own.length || 1).slice(0, own.length)).toEqual(own);
      }
    }),
    { numRuns: 30 },
  );
});

test('where no conflict is found, the broadcasts of the next weeks keep their distance; where one is, they do not', () => {
  const now = Date.UTC(2027, 2, 1);
  fc.assert(
    fc.property(anyWindow, anyWindow, (a, b) => {
      const windows = [
        { ...a, id: 'a' },
        { ...b, id: 'b' },
      ] as const;
      const conflict = findConflict(windows[0], windows, now);
      const limitOf = (id: string) => (id === 'a' ? a : b).limitMinutes * 60_000;
      if (conflict) {
        const { earlier, later } = conflict;
        expect(later.startsAt - DOORS_MS).toBeLessThan(earlier.startsAt + limitOf(earlier.window));
        return;
      }
      let before: { window: string; startsAt: number } | null = null;
      for (const each of upcoming(windows, now)) {
        if (each.startsAt > now + 40 * 86_400_000) break;
        const ours = each.window === 'a' || before?.window === 'a';
        if (before && ours) {
          expect(each.startsAt - DOORS_MS).toBeGreaterThanOrEqual(before.startsAt + limitOf(before.window));
        }
        before = each;
      }
    }),
    { numRuns: 25 },
  );
});

test('a window survives being written and read', () => {
  fc.assert(
    fc.property(anyWindow, (window) => {
      expect(parseWindow(JSON.parse(JSON.stringify(window)))).toEqual(window);
    }),
  );
});

test('arming is idempotent, arms nothing beyond two days, and what it armed for a moved window is taken back', async () => {
  await fc.assert(
    fc.asyncProperty(anyWindow, anyWindow, anyInstant, async (window, moved, now) => {
      const armed = new Map<string, number>();
      const timer: Timer = {
        async arm(id, reason, instant) {
          if (armed.has(`${id} ${reason}`)) return 'exists';
          armed.set(`${id} ${reason}`, instant);
          return 'armed';
        },
        async disarm(id) {
          for (const reason of ['doors', 'check']) armed.delete(`${id} ${reason}`);
        },
        armed: async () => [...armed.keys()],
      };
      const ports = { timer, broadcasts: memoryBroadcasts(), clock: { now: () => now } };
      await arm([window], ports);
      const before = new Map(armed);
      expect(await arm([window], ports)).toEqual([]);
      expect(armed).toEqual(before);
      for (const instant of armed.values()) expect(instant).toBeLessThan(now + 49 * 3_600_000);

      const after = { ...moved, id: window.id };
      await disarmObsolete([window], [after], ports);
      for (const name of armed.keys()) {
        const { startsAt } = parseBroadcastId(name.split(' ')[0]!)!;
        expect(startsThen(after, startsAt) || startsAt <= now).toBe(true);
      }
    }),
    { numRuns: 30 },
  );
});

test('T0 comes from the window: a timer for another instant, or another window, means nothing', () => {
  fc.assert(
    fc.property(anyWindow, anyInstant, fc.integer({ min: 1, max: 59_999 }), (window, after, off) => {
      const [startsAt] = first(window, after, 1);
      if (startsAt === undefined) return;
      const plan = planOf(broadcastId(window.id, startsAt), [window], 'UTC', startsAt + 30_000);
      expect(plan?.startsAt).toBe(startsAt);
      expect(planOf(broadcastId(window.id, startsAt + off), [window], 'UTC', startsAt)).toBeNull();
      expect(planOf(broadcastId('another', startsAt), [window], 'UTC', startsAt)).toBeNull();
      const over = startsAt + window.limitMinutes * 60_000;
      expect(planOf(broadcastId(window.id, startsAt), [window], 'UTC', over)).toBeNull();
    }),
    { numRuns: 40 },
  );
});
