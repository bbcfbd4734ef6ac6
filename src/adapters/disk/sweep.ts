import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { orNull } from './or-null.ts';

/** As `atomic-file.ts` names what is being written. */
const HALF = /^\.[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\.tmp$/;
/** Nothing of ours takes so long to be written; other processes may be writing now. */
const OLD_MS = 3_600_000;

/** Removes what killed writers left half written below a directory; what cannot be removed is no reason to fail. */
export async function sweep(directory: string, now: number): Promise<void> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  for (const { parentPath, name } of entries.filter((entry) => entry.isFile() && HALF.test(entry.name))) {
    const path = join(parentPath, name);
    const info = await orNull(stat(path));
    if (info && now - info.mtimeMs > OLD_MS) await rm(path, { force: true }).catch(() => {});
  }
}

/**
 * Removes those folders of a directory in which nothing was written since, with all that is in them; where there is no such
 * directory there is nothing to remove.
 * @param since epoch milliseconds
 */
export async function sweepFolders(directory: string, since: number): Promise<void> {
  const folders = (await orNull(readdir(directory, { withFileTypes: true }))) ?? [];
  for (const { parentPath, name } of folders.filter((entry) => entry.isDirectory())) {
    const folder = join(parentPath, name);
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    // The folder's own time counts where it is empty still: a file may be about to come.
    const paths = [folder, ...entries.map((entry) => join(entry.parentPath, entry.name))];
    const times = await Promise.all(paths.map(async (path) => (await orNull(stat(path)))?.mtimeMs ?? 0));
    if (Math.max(...times) < since) await rm(folder, { recursive: true, force: true }).catch(() => {});
  }
}
