/** The pieces of a corpus and the splits they belong to, read one after the other while a bar shows how far that is. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Reading } from '../../../music/midi/reading.ts';
import { CliError } from '../../terminal/output.ts';
import { progressBar } from '../../terminal/progress.ts';
import { readBounded } from './read-bounded.ts';

export const SPLITS = ['train', 'valid', 'test'] as const;
export type Split = (typeof SPLITS)[number];
export type Row = { readonly file: string; readonly split: Split };
/** `code` is one of docs/midi.md, or `unreadable`. */
export type Refused = { readonly file: string; readonly code: string; readonly reason: string };

/** As splits.tsv has them. */
export async function readSplits(corpus: string): Promise<Row[]> {
  const table = await readFile(join(corpus, 'splits.tsv'), 'utf8').catch(() => {
    throw new CliError('notFound', 'no_corpus', `${corpus} has no splits.tsv: give the corpus directory`);
  });
  return table
    .split('\n')
    .slice(1)
    .map((line) => line.split('\t') as [string, Split])
    .filter(([file, split]) => file && SPLITS.includes(split))
    .map(([file, split]) => ({ file, split }));
}

/** The source of a piece: the first folder of its path. */
export const sourceOf = (file: string): string => file.split('/')[0]!;

/** Hands every piece that can be read to `each`. @returns the others, with the reason */
export async function readPieces(
  corpus: string,
  rows: readonly Row[],
  each: (row: Row, reading: Reading) => void,
): Promise<Refused[]> {
  const refused: Refused[] = [];
  const bar = progressBar(`Reading ${corpus}`);
  try {
    for (const [index, row] of rows.entries()) {
      bar.update(index / rows.length, `${index} of ${rows.length}`);
      const read = await readBounded(join(corpus, row.file));
      if ('reading' in read) each(row, read.reading);
      else refused.push({ file: row.file, ...read });
    }
  } finally {
    bar.done();
  }
  return refused;
}

export const refusedText = ({ file, code, reason }: Refused): string => `${file}: ${reason} (${code})`;
