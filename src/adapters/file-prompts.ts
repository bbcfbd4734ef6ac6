import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createFile, replaceFile } from './atomic-file.ts';
import { type PromptStore, promptStore } from './prompt-store.ts';

/** Prompts as files of a directory. */
export function filePrompts(directory: string): PromptStore {
  const path = (name: string) => join(directory, name);
  return promptStore({
    describe: path,
    read: (name) => orNull(readFile(path(name))),
    create: (name, body) => createFile(path(name), body),
    write: (name, body) => replaceFile(path(name), body),
    names: async () => (await orNull(readdir(directory))) ?? [],
  });
}

const orNull = <T>(promise: Promise<T>): Promise<T | null> =>
  promise.catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
