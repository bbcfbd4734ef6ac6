import { readdir, readFile } from 'node:fs/promises';
import { join, normalize } from 'node:path';
import type { PerformanceRecord, Performances, Site, StoredPerformance } from '../ports.ts';
import { createFile, replaceFile } from './atomic-file.ts';
import { verified } from './memory.ts';

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
  const text = (record: PerformanceRecord): string => `${JSON.stringify(record, null, 2)}\n`;
  const writeMidi = ({ record, midi }: StoredPerformance) => replaceFile(midiPath(record.midiSha256), midi);
  return {
    async create(performance) {
      await writeMidi(performance);
      return createFile(recordPath(performance.record.id), text(performance.record));
    },
    async replace(performance) {
      await writeMidi(performance);
      await replaceFile(recordPath(performance.record.id), text(performance.record));
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

function parseRecord(json: string, path: string): PerformanceRecord {
  try {
    const record = JSON.parse(json) as PerformanceRecord;
    if (record.schema !== 1) throw new Error(`its schema is ${record.schema}, this version reads 1`);
    if (!/^[0-9a-f]{64}$/.test(record.midiSha256)) throw new Error('it names no MIDI by sha256');
    return record;
  } catch (cause) {
    throw new Error(`${path} is not a performance record`, { cause });
  }
}

/** The public files, as a web server serves them. */
export function fileSite(directory: string): Site {
  const inside = (path: string): string => {
    const clean = normalize(path);
    if (clean.startsWith('..') || clean.startsWith('/')) throw new RangeError(`"${path}" leaves the site`);
    return join(directory, clean);
  };
  return {
    get: (path) => orNull(readFile(inside(path))),
    put: (path, body) => replaceFile(inside(path), body),
  };
}

const orNull = <T>(promise: Promise<T>): Promise<T | null> =>
  promise.catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
