import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { INDEX_FILE, openTaste, TASTE_FILE } from '../../src/sampling/taste-file.ts';

const PACKAGED = resolve(import.meta.dirname, '../../model');
let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'pianola-taste-'));
});
afterAll(() => rm(directory, { recursive: true }));

const copied = async (change: (taste: Record<string, unknown>) => object = (taste) => taste) => {
  await cp(join(PACKAGED, INDEX_FILE), join(directory, INDEX_FILE));
  const taste = JSON.parse(await readFile(join(PACKAGED, TASTE_FILE), 'utf8'));
  await writeFile(join(directory, TASTE_FILE), JSON.stringify(change(taste)));
};

test('the taste that is shipped was measured on the weights that are shipped', async () => {
  const taste = await openTaste(PACKAGED);
  const model = JSON.parse(await readFile(join(PACKAGED, 'model.json'), 'utf8'));
  expect(taste!.likelihood.modelSha256).toBe(model.sha256);
  expect(taste!.longestRun).toBeGreaterThanOrEqual(taste!.index.n);
});

test('where there is none, there is none', async () => {
  expect(await openTaste(join(directory, 'nowhere'))).toBeNull();
});

test('what cannot be used is refused by name: other traits, no ranges, a cut index, no JSON', async () => {
  await copied((taste) => ({ ...taste, traits: ['beauty'] }));
  await expect(openTaste(directory)).rejects.toThrow(/taste\.json.*cannot be used/);
  await copied((taste) => ({ ...taste, ranges: {} }));
  await expect(openTaste(directory)).rejects.toThrow(/taste\.json.*cannot be used/);
  await copied();
  await writeFile(join(directory, INDEX_FILE), (await readFile(join(PACKAGED, INDEX_FILE))).subarray(0, 999));
  await expect(openTaste(directory)).rejects.toThrow(/intervals\.bin.*cannot be used/);
  await copied();
  await writeFile(join(directory, TASTE_FILE), '{');
  await expect(openTaste(directory)).rejects.toThrow(/taste\.json.*cannot be used/);
});

test('the same files are the same taste, others another', async () => {
  await copied();
  const first = await openTaste(directory);
  expect((await openTaste(directory))!.sha256).toBe(first!.sha256);
  await copied((taste) => ({ ...taste, longestRun: 99 }));
  expect((await openTaste(directory))!.sha256).not.toBe(first!.sha256);
});
