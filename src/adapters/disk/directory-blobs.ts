import { readdir, readFile, rm, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { inTurn } from '../../in-turn.ts';
import type { BlobName, Blobs } from '../../ports.ts';
import { createFile, replaceFile } from './atomic-file.ts';
import { orNull } from './or-null.ts';

/**
 * Plain files under a directory, which people can look at. What begins with a dot is being written, and has no name yet.
 * No file system compares and replaces at once: those who replace what is there are ordered here, in this process, which
 * is enough where a directory has one station (database/hold.ts).
 */
export function directoryBlobs(directory: string): Blobs {
  const pathOf = (name: string): string => {
    if (name.split('/').some((part) => part === '..' || part === ''))
      throw new RangeError(`"${name}" leaves ${directory}`);
    return join(directory, name);
  };
  const oneByOne = inTurn();
  return {
    describe: (name) => join(directory, name),
    read: async (name) => orNull(readFile(pathOf(name))),
    create: async (name, body) => createFile(pathOf(name), body),
    write: async (name, body) => replaceFile(pathOf(name), body),
    replace: async (name, before, body) => {
      const path = pathOf(name);
      if (before === null) return (await createFile(path, body)) === 'created' ? 'replaced' : 'changed';
      return oneByOne(async () => {
        const now = await orNull(readFile(path));
        if (now === null || Buffer.compare(now, before) !== 0) return 'changed';
        await replaceFile(path, body);
        return 'replaced';
      });
    },
    remove: (name) => rm(pathOf(name), { force: true }),
    async names(prefix) {
      const under = join(directory, prefix.slice(0, prefix.lastIndexOf('/') + 1));
      const entries = (await orNull(readdir(under, { recursive: true, withFileTypes: true }))) ?? [];
      const paths = entries
        .filter((entry) => entry.isFile() && !entry.name.startsWith('.'))
        .map((entry) => join(entry.parentPath, entry.name));
      const found = await Promise.all(
        paths.map(async (path): Promise<BlobName | null> => {
          // Removed between the listing and the look.
          const info = await orNull(stat(path));
          const name = relative(directory, path).split(sep).join('/');
          return info && name.startsWith(prefix) ? { name, writtenAt: Math.floor(info.mtimeMs) } : null;
        }),
      );
      return found.filter((each) => each !== null).sort((a, b) => (a.name < b.name ? -1 : 1));
    },
  };
}
