import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import { orNull } from '../adapters/disk/or-null.ts';
import { readIndex } from '../music/taste/originality.ts';
import { RANGED } from '../music/taste/ranges.ts';
import type { Taste } from '../music/taste/taste.ts';
import { TRAITS } from '../music/taste/traits.ts';

export const TASTE_FILE = 'taste.json';
export const INDEX_FILE = 'intervals.bin';

const Numbers = v.pipe(v.array(v.number()), v.length(TRAITS.length));
const Range = v.tuple([v.number(), v.number()]);
/** What bench/taste.ts writes; what else is in it is for people. */
const Schema = v.object({
  schema: v.literal(1),
  /** In the order in which the classifier has them: those of another version would be other figures. */
  traits: v.pipe(
    v.array(v.string()),
    v.check((traits) => traits.join() === TRAITS.join(), 'its traits are not those of this version'),
  ),
  likelihood: v.object({ modelSha256: v.string(), level: v.number(), slope: v.number() }),
  classifier: v.object({
    means: Numbers,
    deviations: Numbers,
    weights: Numbers,
    bias: v.number(),
    usual: v.number(),
  }),
  longestRun: v.pipe(v.number(), v.integer(), v.minValue(1)),
  ranges: v.object(v.entriesFromList(RANGED, Range)),
});

/**
 * What candidates are judged by, from a directory; null where there is nothing.
 * @throws Error naming the file that cannot be used
 */
export async function openTaste(directory: string): Promise<Taste | null> {
  const path = join(directory, TASTE_FILE);
  const text = await orNull(readFile(path, 'utf8'));
  if (text === null) return null;
  try {
    const { likelihood, classifier, longestRun, ranges } = v.parse(Schema, JSON.parse(text));
    const bytes = await readFile(join(directory, INDEX_FILE));
    const sha256 = createHash('sha256').update(text).update(bytes).digest('hex');
    return { sha256, likelihood, classifier, longestRun, ranges, index: readIndex(bytes) };
  } catch (cause) {
    throw new Error(`${path} and ${INDEX_FILE} beside it cannot be used: restore them from the repository`, {
      cause,
    });
  }
}
