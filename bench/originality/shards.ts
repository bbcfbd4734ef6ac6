/** The training's music as `pianola corpus tokens` wrote it: of each piece the keys that are struck, phrase by phrase. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { LOWEST_PITCH } from '../../src/music/note.ts';
import { EMPTY_BAR, KEY, NO_PITCH, PHRASE, PITCH } from '../../src/music/tokens/vocabulary.ts';
import { vocabularyHash } from '../../src/sampling/vocabulary-hash.ts';

export type Struck = { readonly pitch: number };

/** @throws Error where the shards are of other tokens */
export async function readPieces(
  directory: string,
  split: 'train' | 'valid' | 'test',
): Promise<Struck[][][]> {
  const index = JSON.parse(await readFile(join(directory, 'index.json'), 'utf8'));
  if (index.vocabulary?.hash !== vocabularyHash())
    throw new Error(`${directory} is of other tokens: write it again, with pianola corpus tokens`);
  const bytes = await readFile(join(directory, `${split}.bin`));
  return index.splits[split].map(({ start, length }: { start: number; length: number }) =>
    phrasesIn(Array.from({ length }, (_, i) => bytes.readUInt16LE(2 * (start + i)))),
  );
}

/** @param tokens of a piece, without prefix */
export function phrasesIn(tokens: readonly number[]): Struck[][] {
  const phrases: Struck[][] = [];
  for (let i = 0; i + 2 < tokens.length; i += 3) {
    const [place, pitch] = [tokens[i]!, tokens[i + 1]!];
    if (place >= PHRASE && place < KEY) phrases.push([]);
    else if (place < EMPTY_BAR && pitch >= PITCH && pitch < NO_PITCH)
      phrases.at(-1)?.push({ pitch: pitch - PITCH + LOWEST_PITCH });
  }
  return phrases;
}
