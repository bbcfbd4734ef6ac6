import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { BroadcastRecord, BroadcastRecords } from '../../ports.ts';
import { replaceFile } from './atomic-file.ts';
import { orNull } from './or-null.ts';

/**
 * Records as files, one a broadcast. Ids hold an ISO time, whose colons some file systems refuse: they become
 * underscores, which ids never hold.
 */
export function fileBroadcastRecords(directory: string): BroadcastRecords {
  const pathOf = (id: string): string => {
    if (!/^[\w.:@-]+$/.test(id)) throw new RangeError(`"${id}" is not a broadcast's id`);
    return join(directory, `${id.replaceAll(':', '_')}.json`);
  };
  const read = async (path: string): Promise<BroadcastRecord | null> => {
    const text = await orNull(readFile(path, 'utf8'));
    if (text === null) return null;
    try {
      const record = JSON.parse(text) as BroadcastRecord;
      if (record.schema !== 1) throw new Error(`its schema is ${record.schema}, this version reads 1`);
      return record;
    } catch (cause) {
      throw new Error(`${path} is not the record of a broadcast`, { cause });
    }
  };
  return {
    put: (record) => replaceFile(pathOf(record.id), `${JSON.stringify(record, null, 2)}\n`),
    get: (id) => read(pathOf(id)),
    async list() {
      const names = (await orNull(readdir(directory))) ?? [];
      const found = await Promise.all(
        names.filter((name) => /^[^.].*\.json$/.test(name)).map((name) => read(join(directory, name))),
      );
      return found.filter((record) => record !== null).sort((a, b) => b.startsAt - a.startsAt);
    },
  };
}
