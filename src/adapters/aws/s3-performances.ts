import { paginateListObjectsV2 } from '@aws-sdk/client-s3';
import type { Performances, StoredPerformance } from '../../ports.ts';
import { parseRecord, recordText, verified } from '../performance-record.ts';
import { type Bucket, createObject, readObject, writeObject } from './s3-object.ts';

const ID = /^\d{4}-\d{2}-\d{2}$/;
const RECORDS = 'performances/';
const MIDI_TYPE = { ContentType: 'audio/midi' };
const JSON_TYPE = { ContentType: 'application/json' };

/**
 * The archive in a private bucket: `performances/<id>.json` is the record, and names `midi/<sha256>.mid`. The MIDI
 * is written first, so a record never names what is not there; the record alone decides who was first.
 */
export function s3Performances(bucket: Bucket): Performances {
  const recordKey = (id: string): string => {
    if (!ID.test(id)) throw new RangeError(`"${id}" is not a date YYYY-MM-DD`);
    return `${RECORDS}${id}.json`;
  };
  const midiKey = (sha256: string): string => `midi/${sha256}.mid`;
  const writeMidi = ({ record, midi }: StoredPerformance) =>
    writeObject(bucket, midiKey(record.midiSha256), midi, MIDI_TYPE);
  return {
    async create(performance) {
      const key = recordKey(performance.record.id);
      await writeMidi(performance);
      return createObject(bucket, key, recordText(performance.record), JSON_TYPE);
    },
    async replace(performance) {
      const key = recordKey(performance.record.id);
      await writeMidi(performance);
      await writeObject(bucket, key, recordText(performance.record), JSON_TYPE);
    },
    async get(id) {
      const json = await readObject(bucket, recordKey(id));
      if (json === null) return null;
      const record = parseRecord(new TextDecoder().decode(json), recordKey(id));
      const midi = await readObject(bucket, midiKey(record.midiSha256));
      if (midi === null) throw new Error(`the MIDI of ${id} is missing: ${midiKey(record.midiSha256)}`);
      return verified({ record, midi });
    },
    async list() {
      const ids: string[] = [];
      const pages = paginateListObjectsV2(
        { client: bucket.client },
        { Bucket: bucket.bucket, Prefix: RECORDS },
      );
      for await (const page of pages) {
        for (const { Key = '' } of page.Contents ?? []) {
          const id = Key.slice(RECORDS.length, -'.json'.length);
          if (Key.endsWith('.json') && ID.test(id)) ids.push(id);
        }
      }
      return ids.sort().reverse();
    },
  };
}
