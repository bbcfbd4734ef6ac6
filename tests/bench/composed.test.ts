import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { type Composer, composed } from '../../bench/week/composed.ts';
import { seedOf } from '../../src/compose/day.ts';
import { writeMidiFile } from '../../src/music/midi/write.ts';
import type { PerformanceRecord } from '../../src/ports.ts';
import { scale } from '../support/music.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pianola-composed-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test('a day that is there is composed again for other weights, another index, length or number of candidates, and for nothing else', async () => {
  const telling = jest.spyOn(console, 'error').mockImplementation(() => {});
  const made: string[] = [];
  const composer = (modelSha256: string, originalitySha256: string | null): Composer => ({
    modelSha256,
    originalitySha256,
    async compose({ date, seed, ...settings }) {
      expect(seed).toBe(seedOf(date));
      made.push(date);
      const record = { id: date, modelSha256, settings: { ...settings, originalitySha256 } };
      return {
        record: record as unknown as PerformanceRecord,
        midi: writeMidiFile({ title: date, music: scale(2_000), markers: [] }),
      };
    },
  });
  const ask = async (dates: string[], minutes: number, candidates: number, by: Composer) => {
    const days = await composed(dates, folder, { minutes, candidates }, by);
    expect(days.map(({ record }) => [record.id, record.modelSha256])).toEqual(
      dates.map((date) => [date, by.modelSha256]),
    );
    expect(days.every(({ music }) => music.notes.length > 0)).toBe(true);
    return made.splice(0);
  };
  const [a, b] = ['2026-10-01', '2026-10-02'];
  expect(await ask([a], 1, 2, composer('one', 'x'))).toEqual([a]);
  expect(await ask([a, b], 1, 2, composer('one', 'x'))).toEqual([b]);
  expect(await ask([a, b], 1, 2, composer('one', 'x'))).toEqual([]);
  expect(await ask([a], 1, 2, composer('two', 'x'))).toEqual([a]);
  expect(await ask([a], 1, 2, composer('two', null))).toEqual([a]);
  expect(await ask([a], 0.5, 2, composer('two', null))).toEqual([a]);
  expect(await ask([a], 0.5, 1, composer('two', null))).toEqual([a]);
  expect(await ask([a], 0.5, 1, composer('two', null))).toEqual([]);
  expect(telling).toHaveBeenCalledTimes(6);
  telling.mockRestore();
});
