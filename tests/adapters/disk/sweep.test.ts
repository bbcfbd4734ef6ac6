import { mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { sweepFolders } from '../../../src/adapters/disk/sweep.ts';
import { LIVE_KEPT_DAYS } from '../../../src/adapters/stores/live-files.ts';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'pianola-sweep-'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

const SINCE = 1_000_000_000_000;
/** A folder with one file below a folder of its own; each is of a time in seconds from then. */
async function folder(name: string, age: number, fileAge = age): Promise<void> {
  const within = join(directory, name, '2026-11-21');
  await mkdir(within, { recursive: true });
  await writeFile(join(within, '4.json'), '[]');
  const at = (seconds: number) => new Date(SINCE + 1_000 * seconds);
  await utimes(join(within, '4.json'), at(fileAge), at(fileAge));
  for (const path of [within, join(directory, name)]) await utimes(path, at(age), at(age));
}

test('a folder in which nothing was written since goes with all that is in it; a newer one stays whole, and so do files beside them', async () => {
  await folder('old', -1);
  await folder('new', 1);
  await folder('still written', -1, 1);
  await mkdir(join(directory, 'empty'));
  await writeFile(join(directory, 'a file'), '');
  await utimes(join(directory, 'a file'), 0, 0);
  await sweepFolders(directory, SINCE);
  expect((await readdir(directory)).sort()).toEqual(['a file', 'empty', 'new', 'still written']);
  expect(await readFile(join(directory, 'still written', '2026-11-21', '4.json'), 'utf8')).toBe('[]');
});

test('where there is no directory there is nothing to remove', () =>
  expect(sweepFolders(join(directory, 'live'), SINCE)).resolves.toBeUndefined());

test('music that was fetched is kept for as many days as on AWS', async () => {
  const buckets = await readFile(resolve(import.meta.dirname, '../../../infra/buckets.yml'), 'utf8');
  const [, days] = /Prefix: live\/\s+ExpirationInDays: (\d+)/.exec(buckets) ?? [];
  expect(Number(days)).toBe(LIVE_KEPT_DAYS);
});
