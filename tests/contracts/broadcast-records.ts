import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Blobs, BroadcastRecords } from '../../src/ports.ts';
import { aRecord } from '../support/stored.ts';

export type OpenedRecords = {
  readonly records: BroadcastRecords;
  /** What they are kept in: to change it behind the store's back. */
  readonly blobs: Blobs;
  close(): Promise<void>;
};

export { aRecord };

/** What the books of a station do, whatever they are kept in. */
export function recordsContract(name: string, open: () => Promise<OpenedRecords>): void {
  describe(`${name} as BroadcastRecords`, () => {
    let opened: OpenedRecords;
    let records: BroadcastRecords;
    beforeEach(async () => {
      opened = await open();
      records = opened.records;
    });
    afterEach(() => opened.close());

    const T0 = Date.parse('2026-11-21T19:00:00.123Z');

    test('what is no record is a fault that names it; an id that leads elsewhere is refused', async () => {
      await opened.blobs.write('broadcasts/a.json', '{"schema": 9}');
      await expect(records.list()).rejects.toThrow(/broadcasts\/a\.json.* is not the record of a broadcast/);
      await expect(records.get('../a')).rejects.toThrow('is not a broadcast');
    });

    test('begin empty', async () => {
      expect(await records.list()).toEqual([]);
      expect(await records.get(aRecord(T0).id)).toBeNull();
    });

    test('give back what was put, also of a silent day', async () => {
      const silent = aRecord(T0, {
        performance: null,
        durationMs: null,
        startLatenessMs: null,
        chunkSha256: [],
      });
      await records.put(silent);
      expect(await records.get(silent.id)).toEqual(silent);
    });

    test('putting again replaces', async () => {
      await records.put(aRecord(T0));
      await records.put(aRecord(T0, { epoch: 2 }));
      expect(await records.list()).toEqual([aRecord(T0, { epoch: 2 })]);
    });

    test('list by T0, newest first, whatever the order and the names', async () => {
      const DAY_MS = 86_400_000;
      for (const days of [1, 3, 0, 2]) {
        const startsAt = T0 + days * DAY_MS;
        // Names that do not order as their times do.
        await records.put(aRecord(startsAt, { id: `w${9 - days}@${new Date(startsAt).toISOString()}` }));
      }
      expect((await records.list()).map(({ startsAt }) => (startsAt - T0) / DAY_MS)).toEqual([3, 2, 1, 0]);
    });
  });
}
