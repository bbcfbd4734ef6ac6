import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Performances, Site, StoredPerformance } from '../../ports.ts';
import { parseRecord, recordText, verified } from '../performance-record.ts';
import { sitePath } from '../site-headers.ts';
import { createFile, replaceFile } from './atomic-file.ts';
import { orNull } from './or-null.ts';

const ID = /^\d{4}-\d{2}-\d{2}$/;

/**
 * The archive as files: `<id>.json` is the record, and names its MIDI by sha256. The MIDI is written first,
 * so a record never names what is not there, and replacing one is a single rename.
 */
export function filePerformances(directory: string): Performances {
  const recordPath = (id: string): string => {
    if (!ID.test(id)) throw new RangeError(`"${id}" is not a date YYYY-MM-DD`);
    return join(directory, `${id}.json`);
  };
  const midiPath = (sha256: string): string => join(directory, `${sha256}.mid`);
  const writeMidi = ({ record, midi }: StoredPerformance) => replaceFile(midiPath(record.midiSha256), midi);
  return {
    async create(performance) {
      await writeMidi(performance);
      return createFile(recordPath(performance.record.id), recordText(performance.record));
    },
    async replace(performance) {
      await writeMidi(performance);
      await replaceFile(recordPath(performance.record.id), recordText(performance.record));
    },
    async get(id) {
      const json = await orNull(readFile(recordPath(id), 'utf8'));
      if (json === null) return null;
      const record = parseRecord(json, recordPath(id));
      const midi = await readFile(midiPath(record.midiSha256)).catch((cause: unknown) => {
        throw new Error(`the MIDI of ${id} cannot be read`, { cause });
      });
      return verified({ record, midi });
    },
    async list() {
      const names = (await orNull(readdir(directory))) ?? [];
      return names
        .filter((name) => name.endsWith('.json') && ID.test(name.slice(0, -5)))
        .map((name) => name.slice(0, -5))
        .sort()
        .reverse();
    },
  };
}

/** The public files, as a web server serves them. */
export function fileSite(directory: string): Site {
  return {
    get: (path) => orNull(readFile(join(directory, sitePath(path)))),
    put: (path, body) => replaceFile(join(directory, sitePath(path)), body),
  };
}
