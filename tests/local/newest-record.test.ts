/** The broadcast that was last, remembered. */
import { expect, test } from '@jest/globals';
import { memoryBroadcastRecords } from '../../src/adapters/memory/windows.ts';
import { newestRecord } from '../../src/local/newest-record.ts';
import type { BroadcastRecord } from '../../src/ports.ts';

const record = (startsAt: number, fields: Partial<BroadcastRecord> = {}): BroadcastRecord => ({
  ...{ schema: 1, id: `a@${startsAt}`, startsAt, state: 'ended', performance: 'p', encore: false },
  ...{ durationMs: 1, epoch: 1, startLatenessMs: 0, endedAt: startsAt, chunkSha256: [], sha256: '' },
  ...fields,
});

/** Books with these records, and how often all of them were read. */
async function setUp(...startsAt: readonly number[]) {
  const records = memoryBroadcastRecords();
  for (const each of startsAt) await records.put(record(each));
  const state = { reads: 0, fault: null as Error | null };
  const list = async () => {
    state.reads++;
    if (state.fault) throw state.fault;
    return records.list();
  };
  return { records, state, books: newestRecord({ put: records.put, list }) };
}

test('the books are read once, however many ask; what is written from then on is known', async () => {
  const { books, records, state } = await setUp(10, 30, 20);
  expect(await Promise.all([books.newest(), books.newest()])).toEqual([record(30), record(30)]);
  await books.put(record(25));
  expect(await books.newest()).toEqual(record(30));
  await books.put(record(40));
  await books.put(record(40, { heard: 3 }));
  expect(await books.newest()).toEqual(record(40, { heard: 3 }));
  expect(state.reads).toBe(1);
  expect((await records.list()).map(({ startsAt }) => startsAt)).toEqual([40, 30, 25, 20, 10]);
});

test('of empty books there is none; what was written before anybody asked counts', async () => {
  const { books } = await setUp();
  expect(await books.newest()).toBeNull();
  const other = await setUp(10);
  await other.books.put(record(5));
  expect(await other.books.newest()).toEqual(record(10));
});

test('books that cannot be read are a fault, and read again for who asks later; what cannot be written is not known', async () => {
  const { books, state, records } = await setUp(10);
  state.fault = new Error('no disk');
  await expect(books.newest()).rejects.toThrow('no disk');
  state.fault = null;
  expect([await books.newest(), state.reads]).toEqual([record(10), 2]);
  const full = newestRecord({
    ...records,
    put: async () => {
      throw new Error('no room');
    },
  });
  await expect(full.put(record(20))).rejects.toThrow('no room');
  expect(await full.newest()).toEqual(record(10));
});
