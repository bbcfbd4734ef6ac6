/** MIDI files from a disk, whoever put them there: a file of a gigabyte is not read to find that it is too large. */
import { readFile, stat } from 'node:fs/promises';
import { refusedBySize } from '../../../music/midi/limits.ts';
import type { Reading } from '../../../music/midi/reading.ts';
import { readSmf } from '../../../music/midi/walk.ts';

export type Read = { readonly bytes: Uint8Array; readonly reading: Reading };
/** `code` is one of docs/midi.md, or `unreadable`; `reason` is a sentence. */
export type NotRead = { readonly code: string; readonly reason: string };

/** A file that cannot be opened is an outcome too: one of many must not end the work on the others. */
export async function readBounded(path: string): Promise<Read | NotRead> {
  try {
    const tooLarge = refusedBySize((await stat(path)).size);
    if (tooLarge) return { code: tooLarge.reason, reason: tooLarge.problem };
    const bytes = await readFile(path);
    const reading = readSmf(bytes);
    return 'problem' in reading ? { code: reading.reason, reason: reading.problem } : { bytes, reading };
  } catch (error) {
    return { code: 'unreadable', reason: `it cannot be read: ${(error as Error).message}` };
  }
}
