import { mkdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import type { Blobs, ModelRecord, Models, StoredModel } from '../../ports.ts';
import { replaceFile } from '../disk/atomic-file.ts';
import { parseModelRecord } from '../model-record.ts';

/** Promotions that can be taken back. */
const REMEMBERED = 20;
const PREFIX = 'models/';
/**
 * What was promoted, newest last, is written as a new version each time, under a name that only one can create: of two
 * operators at once the second finds the name taken, and goes on from what the first has written.
 */
const PROMOTED = 'models/promoted/';
/** Where an earlier Pianola kept it: the version before the first. */
const PROMOTED_BEFORE = 'models/promoted.json';

const History = v.object({
  schema: v.literal(1),
  promoted: v.array(v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/, 'it names what is no sha256'))),
});

/** Where a model is brought to: `here`, where the blobs are files of this machine already, under this directory. */
export type Bring = { readonly here: string } | { readonly scratch: string };

/** Models: `models/<sha256>/model.json` is the record, and names the weights beside it, which are written first. */
export function models(blobs: Blobs, where: Bring): Models {
  const nameOf = (sha256: string, file: string): string => {
    if (!/^[0-9a-f]{64}$/.test(sha256)) throw new RangeError(`"${sha256}" is not a sha256`);
    return `${PREFIX}${sha256}/${file}`;
  };
  const needed = async (name: string): Promise<Uint8Array> => {
    const bytes = await blobs.read(name);
    if (bytes === null) throw new Error(`${blobs.describe(name)} is missing`);
    return bytes;
  };
  const recordOf = async (sha256: string): Promise<ModelRecord | null> => {
    const bytes = await blobs.read(nameOf(sha256, 'model.json'));
    const record = bytes && parseModelRecord(new TextDecoder().decode(bytes));
    return record && !('problem' in record) ? record : null;
  };
  /** The newest version, counted from 1, and what it says; 0 before the first. */
  const newest = async (): Promise<{ version: number; promoted: readonly string[] }> => {
    const name = (await blobs.names(PROMOTED)).at(-1)?.name;
    const bytes = await blobs.read(name ?? PROMOTED_BEFORE);
    if (bytes === null) return { version: 0, promoted: [] };
    try {
      const { promoted } = v.parse(History, JSON.parse(new TextDecoder().decode(bytes)));
      return { version: name ? Number(/(\d+)\.json$/.exec(name)?.[1]) : 0, promoted };
    } catch (cause) {
      throw new Error(`${blobs.describe(name ?? PROMOTED_BEFORE)} cannot be understood`, { cause });
    }
  };
  /** Tries again for as long as others are quicker; `next` returns null where nothing is to be written. */
  const change = async (next: (promoted: readonly string[]) => readonly string[] | null): Promise<void> => {
    for (;;) {
      const { version, promoted } = await newest();
      const list = next(promoted);
      if (list === null) return;
      const name = `${PROMOTED}${String(version + 1).padStart(8, '0')}.json`;
      const text = JSON.stringify({ schema: 1, promoted: list.slice(-REMEMBERED) });
      if ((await blobs.create(name, `${text}\n`)) === 'created') return;
    }
  };

  return {
    promoted: async () => (await newest()).promoted,
    async list() {
      const found: StoredModel[] = [];
      for (const { name, writtenAt } of await blobs.names(PREFIX)) {
        const [, sha256] = /^models\/([0-9a-f]{64})\/model\.json$/.exec(name) ?? [];
        const record = sha256 ? await recordOf(sha256) : null;
        if (record) found.push({ record, pushedAt: writtenAt });
      }
      return found;
    },
    async push(directory, record) {
      if (await recordOf(record.sha256)) return 'present';
      const copy = async (file: string) => readFile(join(directory, file));
      await blobs.write(nameOf(record.sha256, record.file), await copy(record.file));
      await blobs.write(nameOf(record.sha256, 'model.json'), await copy('model.json'));
      return 'pushed';
    },
    async bring(sha256) {
      const name = nameOf(sha256, 'model.json');
      const text = new TextDecoder().decode(await needed(name));
      const record = parseModelRecord(text);
      if ('problem' in record) throw new Error(`${blobs.describe(name)}: ${record.problem}`);
      if (record.sha256 !== sha256)
        throw new Error(`${blobs.describe(name)} is of another model, ${record.sha256}`);
      if ('here' in where) return join(where.here, PREFIX, sha256);
      const directory = join(where.scratch, PREFIX, sha256);
      await mkdir(directory, { recursive: true });
      const weights = join(directory, record.file);
      const present = await stat(weights).catch(() => null);
      // It may have been brought before. Whoever opens it checks that the bytes are those of the record.
      if (present?.size !== record.bytes)
        await replaceFile(weights, await needed(nameOf(sha256, record.file)));
      await replaceFile(join(directory, 'model.json'), text);
      return directory;
    },
    promote: (sha256) => change((promoted) => (promoted.at(-1) === sha256 ? null : [...promoted, sha256])),
    async rollback(from) {
      let outcome: Awaited<ReturnType<Models['rollback']>> = 'changed';
      await change((promoted) => {
        outcome = promoted.at(-1) === from ? { to: promoted.at(-2) ?? null } : 'changed';
        return outcome === 'changed' ? null : promoted.slice(0, -1);
      });
      return outcome;
    },
  };
}
