import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Note } from '../../src/music/note.ts';
import { decode, decodeDelta, END, NO_PITCH, STYLE } from '../../src/music/tokens.ts';

export type Split = 'train' | 'valid' | 'test';
export type ShardPiece = { readonly file: string; readonly source: string; readonly tokens: number[] };

/** Pieces of a split, from the shards of `pianola corpus tokens`: little-endian 16-bit ids, three a note, then END. */
export async function readPieces(
  directory: string,
  split: Split,
  sources: readonly string[],
): Promise<ShardPiece[]> {
  type Row = { file: string; source: string; start: number; length: number };
  const index: { splits: Record<Split, Row[]> } = JSON.parse(
    await readFile(join(directory, 'index.json'), 'utf8'),
  );
  const bytes = await readFile(join(directory, `${split}.bin`));
  return index.splits[split]
    .filter(({ source }) => sources.includes(source))
    .map(({ file, source, start, length }) => {
      const tokens = Array.from({ length }, (_, i) => bytes.readUInt16LE(2 * (start + i)));
      if (tokens.some((token) => token >= STYLE)) throw new Error(`${file}: ids beyond the music's`);
      return { file, source, tokens: tokens.at(-1) === END ? tokens.slice(0, -1) : tokens };
    });
}

export type Passage = {
  readonly piece: ShardPiece;
  /** Tokens of the piece before the passage, and its own. */
  readonly from: number;
  readonly to: number;
  /** From 0 on. */
  readonly notes: readonly Note[];
  readonly notesPerSecond: number;
};

/** A piece cut into passages of so many milliseconds; those with too few notes to say anything are left out. */
export function passagesOf(piece: ShardPiece, ms: number, fewestNotes: number): Passage[] {
  const passages: Passage[] = [];
  const { tokens } = piece;
  let from = 0;
  let sinceMs = 0;
  for (let to = 3; to + 2 < tokens.length; to += 3) {
    sinceMs += decodeDelta(tokens[to]!);
    if (sinceMs < ms || tokens[to + 1] === NO_PITCH) continue;
    const { notes } = decode(tokens.slice(from, to));
    const own = notes.map((note) => ({ ...note, onsetMs: note.onsetMs - notes[0]!.onsetMs }));
    const seconds = (own.at(-1)?.onsetMs ?? 0) / 1000;
    if (own.length >= fewestNotes && seconds > 0) {
      passages.push({ piece, from, to, notes: own, notesPerSecond: own.length / seconds });
    }
    from = to;
    sinceMs = 0;
  }
  return passages;
}
