import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { StoredWindow, Windows } from '../../ports.ts';
import { parseWindow } from '../../schedule/window.ts';
import { replaceFile } from './atomic-file.ts';
import { withLock } from './lock.ts';
import { orNull } from './or-null.ts';

const ID = /^[a-z0-9][a-z0-9-]{0,39}$/;

/** Windows as files, one `<id>.json` each: `{"version", "window"}`. Readable, and restorable, by hand. */
export function fileWindows(directory: string): Windows {
  const pathOf = (id: string): string => {
    if (!ID.test(id)) throw new RangeError(`"${id}" is not a window's id`);
    return join(directory, `${id}.json`);
  };
  async function get(id: string): Promise<StoredWindow | null> {
    const text = await orNull(readFile(pathOf(id), 'utf8'));
    return text === null ? null : parse(text, pathOf(id));
  }
  /** Between reading the version and writing the next one nobody else may write. */
  async function ifUnchanged<T>(
    id: string,
    expected: number,
    change: () => Promise<T>,
  ): Promise<T | { conflict: StoredWindow | null }> {
    return withLock(join(directory, '.lock'), async () => {
      const stored = await get(id);
      return (stored?.version ?? 0) === expected ? change() : { conflict: stored };
    });
  }
  return {
    async list() {
      const names = (await orNull(readdir(directory))) ?? [];
      const ids = names.filter((name) => name.endsWith('.json')).map((name) => name.slice(0, -5));
      const found = await Promise.all(
        ids
          .filter((id) => ID.test(id))
          .sort()
          .map(get),
      );
      // Removed between the listing and the reading.
      return found.filter((stored) => stored !== null);
    },
    async get(id) {
      return ID.test(id) ? get(id) : null;
    },
    put: (window, expected) =>
      ifUnchanged(window.id, expected, async () => {
        const stored = { version: expected + 1, window };
        await replaceFile(pathOf(window.id), `${JSON.stringify(stored, null, 2)}\n`);
        return stored;
      }),
    remove: (id, expected) =>
      ID.test(id)
        ? ifUnchanged(id, expected, async () => {
            await rm(pathOf(id), { force: true });
            return 'removed' as const;
          })
        : Promise.resolve({ conflict: null }),
  };
}

function parse(text: string, path: string): StoredWindow {
  try {
    const { version, window } = JSON.parse(text) as { version: unknown; window: unknown };
    const parsed = parseWindow(window);
    if ('problem' in parsed) throw new Error(parsed.problem);
    if (!Number.isSafeInteger(version) || (version as number) < 1) throw new Error('it has no version');
    return { version: version as number, window: parsed };
  } catch (cause) {
    throw new Error(`${path} is not a window`, { cause });
  }
}
