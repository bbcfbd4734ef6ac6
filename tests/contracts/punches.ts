import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Punches } from '../../src/ports.ts';

export type OpenedPunches = { readonly punches: Punches; close(): Promise<void> };

const MOST = 5;

/** What every counter of holes must do. */
export function punchesContract(name: string, open: () => Promise<OpenedPunches>): void {
  describe(`${name} counts holes`, () => {
    let punches: Punches;
    let opened: OpenedPunches;
    beforeEach(async () => {
      opened = await open();
      punches = opened.punches;
    });
    afterEach(() => opened.close());

    test('where nobody has punched there is nothing', async () => {
      expect([...(await punches.all())]).toEqual([]);
    });

    test('each connection has one hole a day; a second press changes nothing', async () => {
      expect(await punches.punch('a', '2026-11-21', 9)).toEqual({ outcome: 'punched', holes: 1 });
      expect(await punches.punch('b', '2026-11-21', 9)).toEqual({ outcome: 'punched', holes: 2 });
      expect(await punches.punch('a', '2026-11-21', 9)).toEqual({ outcome: 'again', holes: 2 });
      expect(await punches.punch('a', '2026-11-22', 9)).toEqual({ outcome: 'punched', holes: 1 });
      expect(await punches.all()).toEqual(
        new Map([
          ['2026-11-21', 2],
          ['2026-11-22', 1],
        ]),
      );
    });

    test('a full margin takes no more, of any number at once either', async () => {
      const ids = Array.from({ length: 12 }, (_, i) => `${i}`);
      const made = await Promise.all(ids.map((id) => punches.punch(id, '2026-11-21', MOST)));
      const outcomes = made.map(({ outcome }) => outcome).sort();
      expect(outcomes).toEqual([...Array(7).fill('full'), ...Array(MOST).fill('punched')]);
      const counted = made.filter(({ outcome }) => outcome === 'punched').map(({ holes }) => holes);
      // Each is told its own number: no two holes lie in one place.
      expect(counted.sort()).toEqual([1, 2, 3, 4, 5]);
      expect(await punches.all()).toEqual(new Map([['2026-11-21', MOST]]));
    });

    test('after any presses a day has as many holes as connections that pressed, and never more than it holds', async () => {
      let day = 0;
      const press = fc.record({ who: fc.integer({ min: 0, max: 7 }), most: fc.constant(MOST) });
      await fc.assert(
        fc.asyncProperty(fc.array(press, { maxLength: 20 }), async (presses) => {
          const id = `day-${day++}`;
          const in_ = new Set<number>();
          for (const { who, most } of presses) {
            const { outcome, holes } = await punches.punch(`${who}`, id, most);
            if (outcome === 'punched') in_.add(who);
            expect(holes).toBe(in_.size);
          }
          const pressed = new Set(presses.map(({ who }) => who)).size;
          expect((await punches.all()).get(id) ?? 0).toBe(Math.min(MOST, pressed));
        }),
        { numRuns: 15, seed: 14 },
      );
    });
  });
}
