import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Windows } from '../../src/ports.ts';
import { aWindow } from '../support/windows.ts';

export type OpenedWindows = { readonly windows: Windows; close?(): Promise<void> };

/** What every store of windows does, whatever it is made of. */
export function windowsContract(name: string, open: () => Promise<OpenedWindows>): void {
  describe(`${name} as Windows`, () => {
    let opened: OpenedWindows;
    let windows: Windows;
    beforeEach(async () => {
      opened = await open();
      windows = opened.windows;
    });
    afterEach(() => opened.close?.());

    test('begins empty', async () => {
      expect(await windows.list()).toEqual([]);
      expect(await windows.get('evening')).toBeNull();
    });

    test('gives back what was put, with version 1', async () => {
      const window = aWindow({
        id: 'evening',
        title: 'Evening “Lüneburg” 夜',
        rule: { kind: 'sky', event: 'sunset', latitude: -52.123456, longitude: 13.4 },
        firstDate: '2026-12-01',
        lastDate: '2027-01-31',
        performance: '2026-11-21',
        limitMinutes: 7.5,
      });
      expect(await windows.put(window, 0)).toEqual({ window, version: 1 });
      expect(await windows.get('evening')).toEqual({ window, version: 1 });
    });

    test('counts versions, one a change', async () => {
      await windows.put(aWindow({ id: 'evening' }), 0);
      const second = aWindow({ id: 'evening', title: 'second' });
      expect(await windows.put(second, 1)).toEqual({ window: second, version: 2 });
      const third = aWindow({ id: 'evening', title: 'third' });
      expect(await windows.put(third, 2)).toEqual({ window: third, version: 3 });
      expect(await windows.get('evening')).toEqual({ window: third, version: 3 });
    });

    test('refuses a change of a version that is no longer stored, and shows what is', async () => {
      const first = aWindow({ id: 'evening' });
      await windows.put(first, 0);
      const second = aWindow({ id: 'evening', title: 'second' });
      await windows.put(second, 1);
      const stale = aWindow({ id: 'evening', title: 'stale' });
      const conflict = { conflict: { window: second, version: 2 } };
      expect(await windows.put(stale, 1)).toEqual(conflict);
      expect(await windows.put(stale, 0)).toEqual(conflict);
      expect(await windows.put(stale, 3)).toEqual(conflict);
      expect(await windows.remove('evening', 1)).toEqual(conflict);
      expect(await windows.get('evening')).toEqual(conflict.conflict);
    });

    test('refuses to change or remove what is not there', async () => {
      expect(await windows.put(aWindow({ id: 'evening' }), 1)).toEqual({ conflict: null });
      expect(await windows.remove('evening', 1)).toEqual({ conflict: null });
      expect(await windows.list()).toEqual([]);
    });

    test('removes what was seen', async () => {
      await windows.put(aWindow({ id: 'evening' }), 0);
      expect(await windows.remove('evening', 1)).toBe('removed');
      expect(await windows.get('evening')).toBeNull();
      expect(await windows.remove('evening', 1)).toEqual({ conflict: null });
    });

    test('lists by id', async () => {
      for (const id of ['noon', 'evening', 'z1', 'a-late-one']) await windows.put(aWindow({ id }), 0);
      expect((await windows.list()).map(({ window }) => window.id)).toEqual([
        'a-late-one',
        'evening',
        'noon',
        'z1',
      ]);
    });

    test('of twenty that change the same version at once, one succeeds', async () => {
      await windows.put(aWindow({ id: 'evening' }), 0);
      const outcomes = await Promise.all(
        Array.from({ length: 20 }, (_, i) => windows.put(aWindow({ id: 'evening', title: `racer ${i}` }), 1)),
      );
      const winners = outcomes.filter((outcome) => 'version' in outcome);
      expect(winners).toHaveLength(1);
      expect(await windows.get('evening')).toEqual(winners[0]);
    });
  });
}
