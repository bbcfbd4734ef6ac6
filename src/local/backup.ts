/** A data directory in one file, made while its station runs, and the way back. */
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { openDatabase } from '../adapters/database/database.ts';
import { replaceFile } from '../adapters/disk/atomic-file.ts';
import { readTar, type TarEntry, tarOf } from '../adapters/disk/tar.ts';

const DATABASE = 'pianola.db';
const MANIFEST = 'backup.json';
/** What belongs to a process that runs, or is only the database's own. */
const LEFT_OUT = /^(control\.json|station\.lock.*|pianola\.db-.*|pianola\.db|backup\.json)$|(^|\/)\.[^/]+$/;
const MOST_BYTES = 4 * 1024 ** 3;

type Manifest = {
  readonly schema: 1;
  readonly at: number;
  readonly sha256: Readonly<Record<string, string>>;
};
const sha256 = (body: Uint8Array): string => createHash('sha256').update(body).digest('hex');

/**
 * The directory as a compressed tar. The database is copied first, as it is at one instant; a file that it names was
 * there before it was named, so that the copy names nothing that is not in the archive.
 * @param now epoch milliseconds
 * @throws where there is no database, or something cannot be read
 */
export async function backup(dataDir: string, now: number): Promise<{ archive: Uint8Array; files: number }> {
  const scratch = await mkdtemp(join(dataDir, '.backup-'));
  try {
    const copy = join(scratch, DATABASE);
    const database = openDatabase(join(dataDir, DATABASE));
    try {
      database.run(`VACUUM INTO '${copy.replaceAll("'", "''")}'`);
    } finally {
      database.close();
    }
    const entries: TarEntry[] = [{ name: DATABASE, body: await readFile(copy) }];
    for (const name of await namesIn(dataDir)) {
      // One that is gone since was of no lasting use.
      const body = await readFile(join(dataDir, name)).catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return null;
        throw error;
      });
      if (body) entries.push({ name, body });
    }
    const hashes = Object.fromEntries(entries.map(({ name, body }) => [name, sha256(body)]));
    const manifest: Manifest = { schema: 1, at: now, sha256: hashes };
    entries.unshift({ name: MANIFEST, body: Buffer.from(`${JSON.stringify(manifest)}\n`) });
    return { archive: gzipSync(Buffer.concat([...tarOf(entries, now / 1000)])), files: entries.length - 1 };
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

async function namesIn(dataDir: string): Promise<readonly string[]> {
  const found = await readdir(dataDir, { recursive: true, withFileTypes: true });
  return found
    .filter((entry) => entry.isFile())
    .map((entry) => relative(dataDir, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .filter((name) => !LEFT_OUT.test(name) && !name.startsWith('.backup-'))
    .sort();
}

/**
 * Makes the directory of an archive. Everything is checked before anything is there: the directory appears whole, in one
 * step, or not at all.
 * @returns when the archive was made, and how many files it has
 * @throws RangeError where the archive is none of `backup`, or is damaged; Error (EEXIST, ENOTEMPTY) where something is there
 */
export async function restore(archive: Uint8Array, dataDir: string): Promise<{ at: number; files: number }> {
  const entries = read(archive);
  const [first, ...files] = entries;
  const manifest = first?.name === MANIFEST ? manifestOf(first.body) : null;
  if (!manifest) throw new RangeError('it does not begin with the list of what is in it');
  const named = Object.keys(manifest.sha256).sort();
  if (JSON.stringify(named) !== JSON.stringify(files.map(({ name }) => name).sort()))
    throw new RangeError('it does not hold what its list names');
  for (const { name, body } of files)
    if (sha256(body) !== manifest.sha256[name]) throw new RangeError(`${name} in it is damaged`);
  await mkdir(dirname(dataDir), { recursive: true });
  const scratch = await mkdtemp(`${dataDir}.restore-`);
  try {
    for (const { name, body } of files) {
      await mkdir(dirname(join(scratch, name)), { recursive: true });
      await replaceFile(join(scratch, name), body, name.endsWith('.conf') ? 0o600 : undefined);
    }
    // Onto nothing, or an empty directory; a full one is refused by the system.
    await rename(scratch, dataDir);
  } catch (error) {
    await rm(scratch, { recursive: true, force: true });
    throw error;
  }
  return { at: manifest.at, files: files.length };
}

function read(archive: Uint8Array): readonly TarEntry[] {
  let tar: Uint8Array;
  try {
    tar = gunzipSync(archive, { maxOutputLength: MOST_BYTES });
  } catch (cause) {
    throw new RangeError('it cannot be unpacked', { cause });
  }
  return [...readTar(tar)];
}

function manifestOf(body: Uint8Array): Manifest | null {
  try {
    const found = JSON.parse(new TextDecoder().decode(body)) as Manifest;
    return found.schema === 1 && typeof found.at === 'number' && typeof found.sha256 === 'object'
      ? found
      : null;
  } catch {
    return null;
  }
}
