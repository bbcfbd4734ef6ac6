import { paginateListObjectsV2 } from '@aws-sdk/client-s3';
import type { BroadcastRecord, BroadcastRecords } from '../../ports.ts';
import { type Bucket, readObject, writeObject } from './s3-object.ts';

const PREFIX = 'broadcasts/';

/** The station's books in the private bucket: `broadcasts/<id>.json`. */
export function s3BroadcastRecords(bucket: Bucket): BroadcastRecords {
  const keyOf = (id: string): string => `${PREFIX}${id}.json`;
  const read = async (key: string): Promise<BroadcastRecord | null> => {
    const bytes = await readObject(bucket, key);
    if (bytes === null) return null;
    try {
      const record = JSON.parse(new TextDecoder().decode(bytes)) as BroadcastRecord;
      if (record.schema !== 1) throw new Error(`its schema is ${record.schema}, this version reads 1`);
      return record;
    } catch (cause) {
      throw new Error(`${key} is not the record of a broadcast`, { cause });
    }
  };
  return {
    put: (record) =>
      writeObject(bucket, keyOf(record.id), `${JSON.stringify(record, null, 2)}\n`, {
        ContentType: 'application/json',
      }),
    get: (id) => read(keyOf(id)),
    async list() {
      const keys: string[] = [];
      const pages = paginateListObjectsV2(
        { client: bucket.client },
        { Bucket: bucket.bucket, Prefix: PREFIX },
      );
      for await (const { Contents = [] } of pages) {
        for (const { Key } of Contents) if (Key?.endsWith('.json')) keys.push(Key);
      }
      const records = await Promise.all(keys.map(read));
      return records.filter((record) => record !== null).sort((a, b) => b.startsAt - a.startsAt);
    },
  };
}
