import { randomUUID } from 'node:crypto';
import { link, mkdir, open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/**
 * Replaces a file whole: whoever reads sees the old bytes or the new ones, also after a crash or on a full disk.
 * @param mode who may read and write it, less the umask
 */
export async function replaceFile(path: string, body: Uint8Array | string, mode = 0o666): Promise<void> {
  await viaTemporary(path, body, (temporary) => rename(temporary, path), mode);
}

/** Writes a file that must not exist yet; of several writers exactly one creates it. */
export async function createFile(path: string, body: Uint8Array | string): Promise<'created' | 'exists'> {
  try {
    // A link fails where the name is taken; a rename would replace.
    await viaTemporary(path, body, (temporary) => link(temporary, path));
    return 'created';
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return 'exists';
    throw error;
  }
}

async function viaTemporary(
  path: string,
  body: Uint8Array | string,
  place: (temporary: string) => Promise<void>,
  mode = 0o666,
): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const temporary = join(dirname(path), `.${basename(path)}.${randomUUID()}.tmp`);
  try {
    const file = await open(temporary, 'wx', mode);
    try {
      await file.writeFile(body);
      await file.sync();
    } finally {
      await file.close();
    }
    await place(temporary);
    await syncDirectory(dirname(path));
  } finally {
    await rm(temporary, { force: true });
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
