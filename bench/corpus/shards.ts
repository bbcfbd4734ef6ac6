import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { intervalsOf } from '../../src/music/taste/repetition.ts';
import { END, NO_PITCH, STYLE } from '../../src/music/tokens/vocabulary.ts';

export type Split = 'train' | 'valid' | 'test';
export type ShardPiece = { readonly file: string; readonly source: string; readonly tokens: number[] };

/**
 * Pieces of a split, from the shards of `pianola corpus tokens`: little-endian 16-bit ids, three a note, then END.
 * @param sources all where none are given
 */
export async function readShard(
  directory: string,
  split: Split,
  sources?: readonly string[],
): Promise<ShardPiece[]> {
  type Row = { file: string; source: string; start: number; length: number };
  const index: { splits: Record<Split, Row[]> } = JSON.parse(
    await readFile(join(directory, 'index.json'), 'utf8'),
  );
  const bytes = await readFile(join(directory, `${split}.bin`));
  return index.splits[split]
    .filter(({ source }) => sources?.includes(source) ?? true)
    .map(({ file, source, start, length }) => {
      const tokens = Array.from({ length }, (_, i) => bytes.readUInt16LE(2 * (start + i)));
      if (tokens.some((token) => token >= STYLE)) throw new Error(`${file}: ids beyond the music's`);
      return { file, source, tokens: tokens.at(-1) === END ? tokens.slice(0, -1) : tokens };
    });
}

/** The steps from each struck pitch to the next. */
export const intervalsOfPiece = ({ tokens }: ShardPiece): Int16Array =>
  intervalsOf(tokens.filter((token, i) => i % 3 === 1 && token !== NO_PITCH).map((pitch) => ({ pitch })));

/** Those of every piece that the model was trained on. */
export const trainingIntervals = async (directory: string): Promise<Int16Array[]> =>
  (await readShard(directory, 'train')).map(intervalsOfPiece);
