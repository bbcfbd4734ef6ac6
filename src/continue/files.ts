/** The files of a continuation, by their names. */
import type { Blobs, ContinuedFile } from '../ports.ts';
import type { Answer } from './answer.ts';

export const FILES = ['continued.mid', 'roll.png', 'continued.musicxml', 'record.json'] as const;

export function bytesOf({ midi, roll, sheet, record }: Answer, file: ContinuedFile): Uint8Array {
  if (file === 'continued.mid') return midi;
  if (file === 'roll.png') return roll;
  return new TextEncoder().encode(file === 'record.json' ? `${JSON.stringify(record, null, 2)}\n` : sheet);
}

/** Writes all of them; the record is the last, so that where it is, they all are. @param prefix with a slash at its end */
export async function writeAnswer(blobs: Blobs, prefix: string, answer: Answer): Promise<void> {
  for (const file of FILES) await blobs.write(prefix + file, bytesOf(answer, file));
}
