import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Divisions, Lease } from '../../src/ports.ts';

export type OpenedDivisions = { readonly divisions: Divisions; close(): Promise<void> };

/** What every keeper of divisions must do. */
export function divisionsContract(name: string, open: () => Promise<OpenedDivisions>): void {
  describe(`${name} keeps how listeners are divided`, () => {
    let divisions: Divisions;
    let opened: OpenedDivisions;
    beforeEach(async () => {
      opened = await open();
      divisions = opened.divisions;
    });
    afterEach(() => opened.close());

    const lease = (epoch: number): Lease => ({ broadcast: 'b', owner: `owner ${epoch}`, epoch });
    const helper = (part: number, epoch = 1, name = `helper of ${part}`) => ({
      ...{ name, broadcast: 'b', epoch, part },
    });

    test('what was never divided is no division', async () => {
      expect(await divisions.get('b')).toBeNull();
      expect(await divisions.attend(helper(1), 0, 100)).toBeNull();
      expect(await divisions.get('b')).toBeNull();
    });

    test('the owner divides, and divides again; helpers keep their parts', async () => {
      const two = { epoch: 1, parts: 2, here: 5_000, attendedUntil: [0, 0] };
      expect(await divisions.divide(lease(1), 2, 5_000)).toEqual(two);
      expect(await divisions.attend(helper(1), 10, 100)).toEqual({ ...two, attendedUntil: [0, 100] });
      const four = { epoch: 1, parts: 4, here: 9_000, attendedUntil: [0, 100, 0, 0] };
      expect(await divisions.divide(lease(1), 4, 9_000)).toEqual(four);
      expect(await divisions.get('b')).toEqual(four);
    });

    test('of two helpers of a part one is at work, until its promise has run out or was taken back', async () => {
      await divisions.divide(lease(1), 2, 1);
      await divisions.attend(helper(1, 1, 'first'), 0, 100);
      expect(await divisions.attend(helper(1, 1, 'second'), 99, 200)).toBeNull();
      // The first may go on as long as it likes.
      expect(await divisions.attend(helper(1, 1, 'first'), 99, 150)).not.toBeNull();
      expect(await divisions.attend(helper(1, 1, 'second'), 149, 200)).toBeNull();
      expect((await divisions.attend(helper(1, 1, 'second'), 150, 300))?.attendedUntil).toEqual([0, 300]);
      await divisions.attend(helper(1, 1, 'second'), 160, 0);
      expect((await divisions.attend(helper(1, 1, 'first'), 161, 400))?.attendedUntil).toEqual([0, 400]);
    });

    test('a new epoch forgets the helpers of the last, and refuses them and their owner', async () => {
      await divisions.divide(lease(1), 4, 9_000);
      for (const part of [1, 2, 3]) await divisions.attend(helper(part), 0, 1_000);
      const anew = { epoch: 2, parts: 2, here: 4_000, attendedUntil: [0, 0] };
      expect(await divisions.divide(lease(2), 2, 4_000)).toEqual(anew);
      expect(await divisions.attend(helper(1, 1), 10, 2_000)).toBeNull();
      expect(await divisions.divide(lease(1), 8, 9_000)).toBeNull();
      expect(await divisions.get('b')).toEqual(anew);
      // Nobody waits for the promise of a helper whose epoch is over.
      expect((await divisions.attend(helper(1, 2, 'new'), 10, 500))?.attendedUntil).toEqual([0, 500]);
    });

    test('broadcasts are divided each by itself', async () => {
      await divisions.divide(lease(1), 2, 1);
      expect(await divisions.get('another')).toBeNull();
    });
  });
}
