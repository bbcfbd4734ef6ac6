import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type PromptStore, promptStore } from '../prompt-store.ts';
import { createFile, replaceFile } from './atomic-file.ts';
import { orNull } from './or-null.ts';

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
