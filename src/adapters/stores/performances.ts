import type { Blobs, Performances, StoredPerformance } from '../../ports.ts';
import { parseRecord, recordText, verified } from '../performance-record.ts';

const DAY = /^\d{4}-\d{2}-\d{2}$/;
/** A day's, or what is played besides on one: the latter is no day of the archive, and is not listed. */
const ID = /^\d{4}-\d{2}-\d{2}(-extra(-\d+)?)?$/;
const RECORDS = 'performances/';

/**
 * The archive: `performances/<id>.json` is the record, and names `midi/<sha256>.mid`. The MIDI is written first, so a
 * record never names what is not there; the record alone decides who was first.
 */
export function performances(blobs: Blobs): Performances {
  const recordName = (id: string): string => {
    if (!ID.test(id)) throw new RangeError(`"${id}" is not a date YYYY-MM-DD`);
    return `${RECORDS}${id}.json`;
  };
  const midiName = (sha256: string): string => `midi/${sha256}.mid`;
  const writeMidi = ({ record, midi }: StoredPerformance) => blobs.write(midiName(record.midiSha256), midi);
  return {
    async create(performance) {
      const name = recordName(performance.record.id);
      await writeMidi(performance);
      return blobs.create(name, recordText(performance.record));
    },
    async replace(performance) {
      const name = recordName(performance.record.id);
      await writeMidi(performance);
      await blobs.write(name, recordText(performance.record));
    },
    async get(id) {
      const name = recordName(id);
      const json = await blobs.read(name);
      if (json === null) return null;
      const record = parseRecord(new TextDecoder().decode(json), blobs.describe(name));
      const midi = await blobs.read(midiName(record.midiSha256));
      if (midi === null)
        throw new Error(
          `the MIDI of ${id} cannot be read: ${blobs.describe(midiName(record.midiSha256))} is missing`,
        );
      return verified({ record, midi });
    },
    async list() {
      const names = await blobs.names(RECORDS);
      return names
        .filter(({ name }) => name.endsWith('.json'))
        .map(({ name }) => name.slice(RECORDS.length, -'.json'.length))
        .filter((id) => DAY.test(id))
        .reverse();
    },
  };
}
