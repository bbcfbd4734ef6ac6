import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { INDEX_FILE, ORIGINALITY_FILE, openOriginality } from '../../src/sampling/originality-file.ts';

const PACKAGED = resolve(import.meta.dirname, '../../model');
let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'pianola-originality-'));
});
afterAll(() => rm(directory, { recursive: true }));

const copied = async (change: Record<string, unknown> = {}) => {
  await cp(join(PACKAGED, INDEX_FILE), join(directory, INDEX_FILE));
  const known = JSON.parse(await readFile(join(PACKAGED, ORIGINALITY_FILE), 'utf8'));
  await writeFile(join(directory, ORIGINALITY_FILE), JSON.stringify({ ...known, ...change }));
};

test('what is shipped can be used, and its longest run is at least a gram', async () => {
  const shipped = await openOriginality(PACKAGED);
  expect(shipped!.longestRun).toBeGreaterThanOrEqual(shipped!.index.n);
});

test('where there is none, there is none', async () => {
  expect(await openOriginality(join(directory, 'nowhere'))).toBeNull();
});

test('what cannot be used is refused by name: no run, a cut index, no JSON', async () => {
  await copied({ longestRun: 'long' });
  await expect(openOriginality(directory)).rejects.toThrow(/originality\.json.*cannot be used/);
  await copied();
  await writeFile(join(directory, INDEX_FILE), (await readFile(join(PACKAGED, INDEX_FILE))).subarray(0, 999));
  await expect(openOriginality(directory)).rejects.toThrow(/intervals\.bin.*cannot be used/);
  await copied();
  await writeFile(join(directory, ORIGINALITY_FILE), '{');
  await expect(openOriginality(directory)).rejects.toThrow(/originality\.json.*cannot be used/);
});

test('the same files are the same knowledge, others another', async () => {
  await copied();
  const first = await openOriginality(directory);
  expect((await openOriginality(directory))!.sha256).toBe(first!.sha256);
  await copied({ longestRun: 99 });
  expect((await openOriginality(directory))!.sha256).not.toBe(first!.sha256);
});
