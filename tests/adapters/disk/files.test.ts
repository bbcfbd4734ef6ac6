import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { createFile, replaceFile } from '../../../src/adapters/disk/atomic-file.ts';
import { directoryBlobs } from '../../../src/adapters/disk/directory-blobs.ts';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'pianola-'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

test('of fifty writers of one new file exactly one creates it, and it is whole', async () => {
  const path = join(directory, 'a');
  const outcomes = await Promise.all(
    Array.from({ length: 50 }, (_, i) => createFile(path, `${i}`.repeat(10_000))),
  );
  expect(outcomes.filter((outcome) => outcome === 'created')).toHaveLength(1);
  const winner = outcomes.indexOf('created');
  expect(await readFile(path, 'utf8')).toBe(`${winner}`.repeat(10_000));
  expect(await readdir(directory)).toEqual(['a']);
});

test('a write that fails leaves the old file, and no temporary one', async () => {
  await writeFile(join(directory, 'a'), 'old');
  // A body that cannot be written stands for a full disk.
  await expect(replaceFile(join(directory, 'a'), 5 as unknown as string)).rejects.toThrow();
  expect(await readFile(join(directory, 'a'), 'utf8')).toBe('old');
  expect(await readdir(directory)).toEqual(['a']);
});

test('a name that leads elsewhere never becomes a path', async () => {
  const blobs = directoryBlobs(directory);
  for (const name of ['../outside', 'a/../../outside', '/etc/outside', 'a//b']) {
    await expect(blobs.read(name)).rejects.toThrow('leaves');
    await expect(blobs.write(name, '')).rejects.toThrow('leaves');
  }
});

test('what a killed writer left half written has no name', async () => {
  await mkdir(join(directory, 'a'));
  await writeFile(join(directory, 'a', '.x.json.0.tmp'), 'half');
  expect(await directoryBlobs(directory).names('a/')).toEqual([]);
});
