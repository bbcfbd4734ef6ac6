/** Files that a command writes where it is told to: what is in the way is found out before the work, not after. */
import { access, constants, lstat, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { type Body, createFile, replaceFile } from '../../adapters/disk/atomic-file.ts';
import { CliError } from './output.ts';

export type OutFile = {
  readonly path: string;
  /** Whether a file that is there is replaced. */
  readonly force?: boolean | undefined;
  /** Who may read and write it, less the umask. */
  readonly mode?: number | undefined;
  /** The option that named it, for messages. */
  readonly option: string;
};

/** @throws CliError, exit 4 where the file could not be written, exit 5 where it is there */
export async function refuseInTheWay({ path, force = false, option }: OutFile): Promise<void> {
  const deny = (why: string, cause?: unknown) =>
    new CliError('denied', 'not_writable', `${path} cannot be written: ${why}`, { cause });
  const directory = dirname(resolve(path));
  await access(directory, constants.W_OK).catch((cause: unknown) => {
    throw deny(`the directory ${directory} is missing or not writable`, cause);
  });
  const there = await lstat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENAMETOOLONG') throw deny('its name is too long for this disk', error);
    return null;
  });
  if (!there) return;
  // Where a link leads decides.
  if ((await stat(path).catch(() => there)).isDirectory()) throw deny('it is a directory');
  if (!force) throw taken(path, option);
}

/** Writes the file whole. @throws as `refuseInTheWay` does, for somebody else may have been quicker */
export async function writeOut({ path, force = false, mode, option }: OutFile, body: Body): Promise<void> {
  if (force) await replaceFile(resolve(path), body, mode);
  else if ((await createFile(resolve(path), body, undefined, mode)) === 'exists') throw taken(path, option);
}

const taken = (path: string, option: string) =>
  new CliError('conflict', 'exists', `${path} exists: take another ${option}, or replace it with --force`);
