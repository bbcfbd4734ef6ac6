/** The training's music as `pianola corpus tokens` wrote it: of each piece the keys that are struck, phrase by phrase. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { decodeNotes } from '../../src/music/tokens/encode.ts';
import { KEY, LONGEST_BAR, PHRASE } from '../../src/music/tokens/vocabulary.ts';
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
  const begins: number[] = [];
  for (let i = 0; i < tokens.length; i += 3) if (tokens[i]! >= PHRASE && tokens[i]! < KEY) begins.push(i);
  return begins.map((from, i) =>
    decodeNotes(tokens.slice(from, begins[i + 1]), barStart).map(({ pitch }) => ({ pitch })),
  );
}

/** Only the order of the notes counts: bars may be as long as any. */
const barStart = (bar: number) => ({ start: bar * LONGEST_BAR });
