import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Blobs, Performances } from '../../src/ports.ts';
import { aPerformance } from '../support/stored.ts';

export { aPerformance };

export type Opened = {
  readonly performances: Performances;
  /** What they are kept in: to change it behind the store's back. */
  readonly blobs: Blobs;
  close(): Promise<void>;
};

/** What every archive must do. */
export function performancesContract(name: string, open: () => Promise<Opened>): void {
  describe(`${name} keeps performances`, () => {
    let opened: Opened;
    beforeEach(async () => {
      opened = await open();
    });
    afterEach(() => opened.close());

    test('gives back what was created, byte for byte', async () => {
      const performance = aPerformance('2026-11-21');
      expect(await opened.performances.create(performance)).toBe('created');
      const stored = await opened.performances.get('2026-11-21');
      expect(stored?.record).toEqual(performance.record);
      expect(Buffer.from(stored!.midi)).toEqual(Buffer.from(performance.midi));
    });

    test('has nothing for a day without one', async () => {
      expect(await opened.performances.get('2026-11-20')).toBeNull();
      expect(await opened.performances.list()).toEqual([]);
    });

    test('keeps the first of a day, whoever comes second', async () => {
      const first = aPerformance('2026-11-21', 'first');
      await opened.performances.create(first);
      expect(await opened.performances.create(aPerformance('2026-11-21', 'second'))).toBe('exists');
      expect((await opened.performances.get('2026-11-21'))?.record).toEqual(first.record);
    });

    test('of many at once exactly one creates', async () => {
      const racers = Array.from({ length: 20 }, (_, i) => aPerformance('2026-11-21', `racer ${i}`));
      const outcomes = await Promise.all(racers.map((racer) => opened.performances.create(racer)));
      expect(outcomes.filter((outcome) => outcome === 'created')).toHaveLength(1);
      const winner = racers[outcomes.indexOf('created')];
      expect((await opened.performances.get('2026-11-21'))?.record).toEqual(winner?.record);
    });

    test('replaces on request', async () => {
      await opened.performances.create(aPerformance('2026-11-21', 'first'));
      const second = aPerformance('2026-11-21', 'second');
      await opened.performances.replace(second);
      const stored = await opened.performances.get('2026-11-21');
      expect(stored?.record).toEqual(second.record);
      expect(Buffer.from(stored!.midi)).toEqual(Buffer.from(second.midi));
    });

    test('lists all, newest first', async () => {
      const ids = ['2026-11-03', '2025-12-31', '2026-11-21', '2026-11-20', '2026-01-01'];
      for (const id of ids) await opened.performances.create(aPerformance(id));
      expect(await opened.performances.list()).toEqual([
        '2026-11-21',
        '2026-11-20',
        '2026-11-03',
        '2026-01-01',
        '2025-12-31',
      ]);
    });

    test('an extra is kept under a day’s name and its own, and is not listed', async () => {
      for (const id of ['2026-11-21', '2026-11-21-extra', '2026-11-21-extra-2'])
        expect(await opened.performances.create(aPerformance(id))).toBe('created');
      expect((await opened.performances.get('2026-11-21-extra-2'))?.record.id).toBe('2026-11-21-extra-2');
      expect(await opened.performances.list()).toEqual(['2026-11-21']);
      await expect(opened.performances.get('2026-11-21-other')).rejects.toThrow('is not a date');
    });

    test('refuses to hand out music that is not what its record names', async () => {
      const performance = aPerformance('2026-11-21');
      await opened.performances.create(performance);
      await opened.blobs.write(`midi/${performance.record.midiSha256}.mid`, 'MThd changed');
      await expect(opened.performances.get('2026-11-21')).rejects.toThrow(
        /^the MIDI of 2026-11-21 has sha256 [0-9a-f]{64}, its record says/,
      );
    });

    test.each(['{', '{"schema":2}', '{"schema":1,"midiSha256":"../../etc/passwd"}'])(
      'a record that reads %s is a fault that names it',
      async (text) => {
        await opened.blobs.write('performances/2026-11-21.json', text);
        await expect(opened.performances.get('2026-11-21')).rejects.toThrow(
          /performances\/2026-11-21\.json.* is not a performance record/,
        );
      },
    );

    test('an id that is no date never becomes a name', async () => {
      await expect(opened.performances.get('../../etc/passwd')).rejects.toThrow('not a date');
    });
  });
}
