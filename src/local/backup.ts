/** A data directory in one file, made while its station runs, and the way back. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import { openDatabase } from '../adapters/database/database.ts';
import { replaceFile } from '../adapters/disk/atomic-file.ts';
import { readTar, type TarEntry, tarOf } from '../adapters/disk/tar.ts';

const DATABASE = 'pianola.db';
const MANIFEST = 'backup.json';
/** What belongs to a process that runs, or is only the database's own. */
const LEFT_OUT = /^(control\.json|station\.lock.*|pianola\.db-.*|pianola\.db|backup\.json)$|(^|\/)\.[^/]+$/;

type Manifest = {
  readonly schema: 1;
  readonly at: number;
  readonly sha256: Readonly<Record<string, string>>;
};
const sha256 = (body: Uint8Array): string => createHash('sha256').update(body).digest('hex');

/**
 * The directory as a compressed tar. The database is copied first, as it is at one instant; a file that it names was
 * there before it was named, so that the copy names nothing that is not in the archive. The list of what is in it comes
 * last: what a station writes meanwhile is listed as it was taken.
 * @param now epoch milliseconds
 * @param write is given the archive as it is made: years of days fit into no memory
 * @returns how many files it has
 * @throws where there is no database, or something cannot be read; what `write` throws
 */
export async function backup(
  dataDir: string,
  now: number,
  write: (archive: AsyncIterable<Uint8Array>) => Promise<void>,
): Promise<number> {
  const scratch = await mkdtemp(join(dataDir, '.backup-'));
  const hashes: Record<string, string> = {};
  const listed = (name: string, body: Uint8Array): TarEntry => {
    hashes[name] = sha256(body);
    return { name, body };
  };
  async function* entries(copy: string): AsyncGenerator<TarEntry> {
    yield listed(DATABASE, await readFile(copy));
    for (const name of await namesIn(dataDir)) {
      // One that is gone since was of no lasting use.
      const body = await readFile(join(dataDir, name)).catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return null;
        throw error;
      });
      if (body) yield listed(name, body);
    }
    const manifest: Manifest = { schema: 1, at: now, sha256: hashes };
    yield { name: MANIFEST, body: Buffer.from(`${JSON.stringify(manifest)}\n`) };
  }
  try {
    const copy = join(scratch, DATABASE);
    const database = openDatabase(join(dataDir, DATABASE));
    try {
      database.run(`VACUUM INTO '${copy.replaceAll("'", "''")}'`);
    } finally {
      database.close();
    }
    await pipeline(tarOf(entries(copy), now / 1000), createGzip(), write);
    return Object.keys(hashes).length;
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
 * @param archive the file
 * @returns when the archive was made, and how many files it has
 * @throws RangeError where the archive is none of `backup`, or is damaged; Error (EEXIST, ENOTEMPTY) where something is
 * there, ENOENT where there is no archive
 */
export async function restore(archive: string, dataDir: string): Promise<{ at: number; files: number }> {
  const { at, sha256: names } = await checked(archive);
  await mkdir(dirname(dataDir), { recursive: true });
  const scratch = await mkdtemp(`${dataDir}.restore-`);
  try {
    await unpack(archive, async ({ name, body }) => {
      if (name === MANIFEST) return;
      await mkdir(dirname(join(scratch, name)), { recursive: true });
      await replaceFile(join(scratch, name), body, name.endsWith('.conf') ? 0o600 : undefined);
    });
    // Onto nothing, or an empty directory; a full one is refused by the system.
    await rename(scratch, dataDir);
  } catch (error) {
    await rm(scratch, { recursive: true, force: true });
    throw error;
  }
  return { at, files: Object.keys(names).length };
}

async function checked(archive: string): Promise<Manifest> {
  const found: [string, string][] = [];
  const lists: (Manifest | null)[] = [];
  await unpack(archive, async ({ name, body }) => {
    if (name === MANIFEST) lists.push(manifestOf(body));
    else found.push([name, sha256(body)]);
  });
  const [list] = lists;
  if (!list) throw new RangeError('it has no list of what is in it');
  const named = Object.keys(list.sha256).sort();
  if (JSON.stringify(named) !== JSON.stringify(found.map(([name]) => name).sort()))
    throw new RangeError('it does not hold what its list names');
  for (const [name, hash] of found)
    if (hash !== list.sha256[name]) throw new RangeError(`${name} in it is damaged`);
  return list;
}

/** @throws RangeError where it is no archive, or a damaged one; what `use` throws */
async function unpack(archive: string, use: (entry: TarEntry) => Promise<void>): Promise<void> {
  try {
    await pipeline(createReadStream(archive), createGunzip(), async (tar: AsyncIterable<Uint8Array>) => {
      for await (const entry of readTar(tar)) await use(entry);
    });
  } catch (cause) {
    if (!(cause as NodeJS.ErrnoException).code?.startsWith('Z_')) throw cause;
    throw new RangeError('it cannot be unpacked', { cause });
  }
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
