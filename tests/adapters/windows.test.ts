import { mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, jest, test } from '@jest/globals';
import { withLock } from '../../src/adapters/disk/lock.ts';
import { fileWindows } from '../../src/adapters/disk/windows.ts';
import { memoryWindows } from '../../src/adapters/memory/windows.ts';
import { windowsContract } from '../contracts/windows.ts';
import { aWindow } from '../support/windows.ts';

// A busy machine is no failure.
jest.setTimeout(120_000);

const inTemporary = async <T>(work: (directory: string) => Promise<T>): Promise<T> => {
  const directory = await mkdtemp(join(tmpdir(), 'pianola-windows-'));
  return work(directory).finally(() => rm(directory, { recursive: true }));
};

windowsContract('memory', async () => ({ windows: memoryWindows() }));
windowsContract('files', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'pianola-windows-'));
  return { windows: fileWindows(directory), close: () => rm(directory, { recursive: true }) };
});

test('two stores over one directory are one store', () =>
  inTemporary(async (directory) => {
    const outcomes = await Promise.all(
      Array.from({ length: 12 }, (_, i) =>
        fileWindows(directory).put(aWindow({ id: 'evening', title: `racer ${i}` }), 0),
      ),
    );
    expect(outcomes.filter((outcome) => 'version' in outcome)).toHaveLength(1);
    expect(await readdir(directory)).toEqual(['evening.json']);
  }));

test('a file that is not a window is a fault that names it, not an empty list', () =>
  inTemporary(async (directory) => {
    await writeFile(join(directory, 'evening.json'), '{"version": 1, "window": {"id": "evening"}}');
    await expect(fileWindows(directory).list()).rejects.toThrow('evening.json is not a window');
  }));

test('an id that leads elsewhere finds nothing', () =>
  inTemporary(async (directory) => {
    const windows = fileWindows(directory);
    expect(await windows.get('../secret')).toBeNull();
    expect(await windows.remove('../secret', 1)).toEqual({ conflict: null });
  }));

test('a lock that a dead process left is broken after a while', () =>
  inTemporary(async (directory) => {
    const lock = join(directory, '.lock');
    await writeFile(lock, '');
    const longAgo = new Date(Date.now() - 60_000);
    await utimes(lock, longAgo, longAgo);
    expect(await withLock(lock, async () => 'worked')).toBe('worked');
    expect(await readdir(directory)).toEqual([]);
  }));
