import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { BroadcastRecord, BroadcastRecords } from '../../src/ports.ts';

export type OpenedRecords = { readonly records: BroadcastRecords; close?(): Promise<void> };

export const aRecord = (startsAt: number, fields: Partial<BroadcastRecord> = {}): BroadcastRecord => ({
  schema: 1,
  id: `evening-x2@${new Date(startsAt).toISOString()}`,
  startsAt,
  state: 'ended',
  performance: '2026-11-21',
  encore: false,
  durationMs: 300_000,
  epoch: 1,
  startLatenessMs: 2,
  endedAt: startsAt + 300_000,
  chunkSha256: ['a'.repeat(64), 'b'.repeat(64)],
  sha256: 'c'.repeat(64),
  ...fields,
});

/** What the books of a station do, whatever they are kept in. */
export function recordsContract(name: string, open: () => Promise<OpenedRecords>): void {
  describe(`${name} as BroadcastRecords`, () => {
    let opened: OpenedRecords;
    let records: BroadcastRecords;
    beforeEach(async () => {
      opened = await open();
      records = opened.records;
    });
    afterEach(() => opened.close?.());

    const T0 = Date.parse('2026-11-21T19:00:00.123Z');

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
