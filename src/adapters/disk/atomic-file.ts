/** Files that are written whole or not at all, whatever dies meanwhile. */
import { randomUUID } from 'node:crypto';
import { link, mkdir, open, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** What comes bit by bit is written as it comes. */
export type Body = Uint8Array | string | AsyncIterable<Uint8Array>;

/**
 * Replaces a file whole: whoever reads sees the old bytes or the new ones, also after a crash or on a full disk.
 * @param mode who may read and write it, less the umask
 */
export async function replaceFile(path: string, body: Body, mode = 0o666): Promise<void> {
  await viaTemporary(path, body, (temporary) => rename(temporary, path), mode);
}

/**
 * Writes a file that must not exist yet; of several writers exactly one creates it.
 * @param linking in place of the system's `link`, as of a file system that has none
 * @param mode as of `replaceFile`
 */
export async function createFile(
  path: string,
  body: Body,
  linking = link,
  mode?: number,
): Promise<'created' | 'exists'> {
  try {
    // A link fails where the name is taken; a rename would replace.
    await viaTemporary(path, body, (temporary) => linkOnce(temporary, path, linking), mode);
    return 'created';
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return 'exists';
    throw error;
  }
}

/** What file systems say that have no hard links: FAT, some network and container mounts. */
const NO_LINKS = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK', 'EXDEV'];

async function linkOnce(temporary: string, path: string, linking: typeof link): Promise<void> {
  try {
    await linking(temporary, path);
  } catch (error) {
    if (!NO_LINKS.includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
    // Only one can make the empty file; whoever reads it before the next line sees nothing, not a half.
    await (await open(path, 'wx')).close();
    await rename(temporary, path);
  }
}

async function viaTemporary(
  path: string,
  body: Body,
  place: (temporary: string) => Promise<void>,
  mode = 0o666,
): Promise<void> {
  // Of its own length, so that whatever name the file may have, this one fits too.
  const temporary = join(dirname(path), `.${randomUUID()}.tmp`);
  try {
    await mkdir(dirname(path), { recursive: true });
    const file = await open(temporary, 'wx', mode);
    try {
      await writeFile(file, body);
      await file.sync();
    } finally {
      await file.close();
    }
    await place(temporary);
    await syncDirectory(dirname(path));
  } catch (error) {
    // Who reads the message knows this file, not the temporary one; a write that fails names none at all.
    throw Object.assign(error as Error, { path, dest: undefined });
  } finally {
    await rm(temporary, { force: true }).catch(() => {});
  }
}

/** The name itself must survive a power cut. Windows cannot open directories, and does without. */
async function syncDirectory(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const directory = await open(path);
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}
