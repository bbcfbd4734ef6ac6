import type { Blobs, BroadcastRecord, BroadcastRecords } from '../../ports.ts';

const PREFIX = 'broadcasts/';

/** The station's books: `broadcasts/<id>.json`. */
export function broadcastRecords(blobs: Blobs): BroadcastRecords {
  const nameOf = (id: string): string => {
    if (!/^[\w.:@-]+$/.test(id)) throw new RangeError(`"${id}" is not a broadcast's id`);
    return `${PREFIX}${id}.json`;
  };
  const read = async (name: string): Promise<BroadcastRecord | null> => {
    const bytes = await blobs.read(name);
    if (bytes === null) return null;
    try {
      const record = JSON.parse(new TextDecoder().decode(bytes)) as BroadcastRecord;
      if (record.schema !== 1) throw new Error(`its schema is ${record.schema}, this version reads 1`);
      return record;
    } catch (cause) {
      throw new Error(`${blobs.describe(name)} is not the record of a broadcast`, { cause });
    }
  };
  return {
    put: async (record) => blobs.write(nameOf(record.id), `${JSON.stringify(record, null, 2)}\n`),
    get: async (id) => read(nameOf(id)),
    async list() {
      const names = (await blobs.names(PREFIX)).map(({ name }) => name);
      const found = await Promise.all(names.filter((name) => name.endsWith('.json')).map(read));
      return found.filter((record) => record !== null).sort((a, b) => b.startsAt - a.startsAt);
    },
  };
}
