/** What is known of the training's music beside the weights, so that the composer does not quote it at length. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import { orNull } from '../adapters/disk/or-null.ts';
import { type Originality, readIndex } from '../music/taste/originality.ts';

export const ORIGINALITY_FILE = 'originality.json';
export const INDEX_FILE = 'intervals.bin';

/** What else is in it is for people. */
const Schema = v.object({
  schema: v.literal(1),
  longestRun: v.pipe(v.number(), v.integer(), v.minValue(1)),
});

/** From a directory; null where there is nothing. @throws Error naming the file that cannot be used */
export async function openOriginality(directory: string): Promise<Originality | null> {
  const path = join(directory, ORIGINALITY_FILE);
  const text = await orNull(readFile(path, 'utf8'));
  if (text === null) return null;
  try {
    const { longestRun } = v.parse(Schema, JSON.parse(text));
    const bytes = await readFile(join(directory, INDEX_FILE));
    const sha256 = createHash('sha256').update(text).update(bytes).digest('hex');
    return { sha256, longestRun, index: readIndex(bytes) };
  } catch (cause) {
    throw new Error(`${path} and ${INDEX_FILE} beside it cannot be used: restore them from the repository`, {
      cause,
    });
  }
}
