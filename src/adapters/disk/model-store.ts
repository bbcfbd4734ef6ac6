import { copyFile, mkdir, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type ModelRecord, parseModelRecord } from '../model-record.ts';
import { replaceFile } from './atomic-file.ts';
import { withLock } from './lock.ts';
import { orNull } from './or-null.ts';

/**
 * Models of a station, each in a directory named by the sha256 of its weights, and which of them is in use. What was
 * promoted before is remembered, so that a bad one is taken back in a moment.
 */
export type ModelStore = {
  list(): Promise<readonly StoredModel[]>;
  /** Copies a model in; one that is there is left as it is. */
  push(directory: string, record: ModelRecord): Promise<'pushed' | 'present'>;
  /** A directory of this machine that holds a stored model. */
  bring(sha256: string): Promise<string>;
  /** Newest last; the last is in use. Empty: the one that came with this version is. */
  promoted(): Promise<readonly string[]>;
  promote(sha256: string): Promise<void>;
  /** Takes the last promotion back; null: there was none. */
  rollback(): Promise<{ readonly from: string; readonly to: string | null } | null>;
};

export type StoredModel = { readonly record: ModelRecord; readonly pushedAt: number };

const STATE = 'promoted.json';
/** Promotions that can be taken back. */
const REMEMBERED = 20;

export function modelStore(directory: string): ModelStore {
  const directoryOf = (sha256: string): string => {
    if (!/^[0-9a-f]{64}$/.test(sha256)) throw new RangeError(`"${sha256}" is not a sha256`);
    return join(directory, sha256);
  };
  const statePath = join(directory, STATE);
  async function promoted(): Promise<readonly string[]> {
    const text = await orNull(readFile(statePath, 'utf8'));
    if (text === null) return [];
    try {
      const { promoted } = JSON.parse(text) as { promoted: string[] };
      if (!promoted.every((sha256) => /^[0-9a-f]{64}$/.test(sha256)))
        throw new Error('it names what is no sha256');
      return promoted;
    } catch (cause) {
      throw new Error(`${statePath} cannot be understood`, { cause });
    }
  }
  const write = (list: readonly string[]) =>
    replaceFile(statePath, `${JSON.stringify({ schema: 1, promoted: list.slice(-REMEMBERED) })}\n`);
  const locked = <T>(work: () => Promise<T>) => withLock(join(directory, '.lock'), work);

  return {
    bring: async (sha256) => directoryOf(sha256),
    promoted,
    async list() {
      const names = ((await orNull(readdir(directory))) ?? []).filter((name) => /^[0-9a-f]{64}$/.test(name));
      const models: StoredModel[] = [];
      for (const name of names.sort()) {
        const path = join(directory, name, 'model.json');
        const text = await orNull(readFile(path, 'utf8'));
        const record = text === null ? null : parseModelRecord(text);
        if (record && !('problem' in record)) models.push({ record, pushedAt: (await stat(path)).mtimeMs });
      }
      return models;
    },
    push: (from, record) =>
      locked(async () => {
        const to = directoryOf(record.sha256);
        if (await orNull(stat(to))) return 'present';
        // Whole or not at all: made beside its place, then moved.
        const making = `${to}.tmp`;
        await rm(making, { recursive: true, force: true });
        await mkdir(making, { recursive: true });
        for (const name of [record.file, 'model.json']) await copyFile(join(from, name), join(making, name));
        await rename(making, to);
        return 'pushed';
      }),
    promote: (sha256) =>
      locked(async () => {
        const before = await promoted();
        if (before.at(-1) !== sha256) await write([...before, sha256]);
      }),
    rollback: () =>
      locked(async () => {
        const before = await promoted();
        const from = before.at(-1);
        if (from === undefined) return null;
        await write(before.slice(0, -1));
        return { from, to: before.at(-2) ?? null };
      }),
  };
}
