import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { openStores } from '../../../src/local/data.ts';
import { aRecord } from '../../contracts/broadcast-records.ts';
import { aPerformance } from '../../contracts/performances.ts';
import { withStores } from '../../support/data.ts';
import { aWindow } from '../../support/windows.ts';

/** As commit ccbb824, the last that kept everything in files, has written it. */
const FIXTURE = join(import.meta.dirname, '../../fixtures/data-before-database');

let data: string;
beforeEach(async () => {
  data = await mkdtemp(join(tmpdir(), 'pianola-before-'));
  await cp(FIXTURE, data, { recursive: true });
});
afterEach(() => rm(data, { recursive: true }));

const files = async () =>
  (await readdir(data, { recursive: true })).filter((name) => !name.startsWith('pianola.db')).sort();

test('everything that an earlier version kept in files is there, and its files stay as they were', async () => {
  const before = await files();
  await withStores(data, async ({ performances, records, windows, prompts, models, site }) => {
    expect(await performances.list()).toEqual(['2026-11-21', '2026-11-20']);
    expect((await performances.get('2026-11-21'))?.record).toEqual(
      aPerformance('2026-11-21', 'second').record,
    );
    expect((await performances.get('2026-11-20'))?.record).toEqual(aPerformance('2026-11-20').record);
    expect(await records.list()).toEqual([
      aRecord(Date.parse('2026-11-21T19:00:00.123Z'), { state: 'stopped', epoch: 3 }),
      aRecord(Date.parse('2026-11-20T19:00:00.000Z')),
    ]);
    expect(await windows.list()).toEqual([
      {
        version: 1,
        window: aWindow({
          id: 'dusk',
          rule: { kind: 'sky', event: 'sunset', latitude: 52.5, longitude: 13.4 },
        }),
      },
      { version: 2, window: aWindow({ id: 'evening', title: 'second' }) },
    ]);
    expect((await prompts.get('2026-12-24'))?.record.name).toBe('mine.mid');
    expect(await models.promoted()).toEqual(['a'.repeat(64), 'b'.repeat(64)]);
    expect(await site.get('schedule.json')).not.toBeNull();
  });
  expect(await files()).toEqual(before);
});

test('once: what was removed since stays removed', async () => {
  await withStores(data, ({ windows }) => windows.remove('evening', 2));
  await withStores(data, async ({ windows }) => {
    expect((await windows.list()).map(({ window }) => window.id)).toEqual(['dusk']);
  });
});

test('who only looks sees it too, and writes nothing', async () => {
  const stores = openStores(data, false);
  expect(await stores.performances.list()).toEqual(['2026-11-21', '2026-11-20']);
  stores.close();
  expect(await readdir(data)).not.toContain('pianola.db');
});

test('a window that cannot be read is a fault that names it; mended, nothing is lost', async () => {
  const path = join(data, 'windows', 'evening.json');
  const text = await readFile(path, 'utf8');
  await writeFile(path, '{"version": 1, "window": {"id": "evening"}}');
  expect(() => openStores(data)).toThrow(`${path} is not a window`);
  await writeFile(path, text);
  await withStores(data, async ({ windows, records }) => {
    expect(await windows.list()).toHaveLength(2);
    expect(await records.list()).toHaveLength(2);
  });
});

test('a record that was damaged before is taken over as it is, and found when it is read', async () => {
  await writeFile(join(data, 'performances', '2026-11-20.json'), '{');
  await withStores(data, async ({ performances }) => {
    expect(await performances.list()).toHaveLength(2);
    await expect(performances.get('2026-11-20')).rejects.toThrow('2026-11-20.json');
  });
});
