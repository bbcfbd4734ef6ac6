import { hash } from 'node:crypto';
import type { PerformanceRecord, StoredPerformance } from '../ports.ts';

/** How a record is stored: readable by eye, the same bytes for the same record. */
export const recordText = (record: PerformanceRecord): string => `${JSON.stringify(record, null, 2)}\n`;

/** @throws Error naming `where`, for text that is no record of a version that we read */
export function parseRecord(json: string, where: string): PerformanceRecord {
  try {
    const record = JSON.parse(json) as PerformanceRecord;
    if (record.schema !== 1) throw new Error(`its schema is ${record.schema}, this version reads 1`);
    if (!/^[0-9a-f]{64}$/.test(record.midiSha256)) throw new Error('it names no MIDI by sha256');
    return record;
  } catch (cause) {
    throw new Error(`${where} is not a performance record`, { cause });
  }
}

/** The MIDI that is stored is not the one that its record was written for. */
export class ChangedMidiError extends Error {
  override readonly name = 'ChangedMidiError';
  /** What is stored. */
  readonly midi: Uint8Array;
  constructor(message: string, midi: Uint8Array) {
    super(message);
    this.midi = midi;
  }
}

/** @throws ChangedMidiError */
export function verified(performance: StoredPerformance): StoredPerformance {
  const { id, midiSha256 } = performance.record;
  const actual = hash('sha256', performance.midi);
  if (actual === midiSha256) return performance;
  const message = `the MIDI of ${id} has sha256 ${actual}, its record says ${midiSha256}`;
  throw new ChangedMidiError(message, performance.midi);
}
