/** Token shards: one file of unsigned 16-bit numbers, little-endian, a split, and index.json with every piece's place in it. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { printJson, say } from '../../terminal/output.ts';
import { type Refused, refusedText, SPLITS, type Split } from './pieces.ts';

export type Shards<Piece> = {
  /** @param piece what the index tells of it, besides its place */
  add(split: Split, piece: Piece, tokens: readonly number[]): void;
  /** @param vocabulary of the tokens, with its hash */
  write(out: string, vocabulary: object): Promise<void>;
  tell(refused: readonly Refused[], json: boolean): void;
};

export function newShards<Piece extends object>(): Shards<Piece> {
  const tokens = { train: [], valid: [], test: [] } as Record<Split, Buffer[]>;
  const lengths: Record<Split, number> = { train: 0, valid: 0, test: 0 };
  const pieces = { train: [], valid: [], test: [] } as Record<Split, object[]>;
  return {
    add(split, piece, added) {
      const place = { start: lengths[split], length: added.length };
      pieces[split].push({ ...piece, ...place });
      tokens[split].push(littleEndian(added));
      lengths[split] += added.length;
    },
    async write(out, vocabulary) {
      await mkdir(out, { recursive: true });
      for (const split of SPLITS) await writeFile(join(out, `${split}.bin`), Buffer.concat(tokens[split]));
      await writeFile(join(out, 'index.json'), JSON.stringify({ vocabulary, splits: pieces }));
    },
    tell(refused, json) {
      for (const one of refused) say(`left out ${refusedText(one)}`);
      const summary = SPLITS.map((split) => [
        split,
        { pieces: pieces[split].length, tokens: lengths[split] },
      ]);
      if (json) printJson({ ...Object.fromEntries(summary), refused: refused.length });
      else
        for (const split of SPLITS) say(`${split}: ${pieces[split].length} pieces, ${lengths[split]} tokens`);
    },
  };
}

function littleEndian(tokens: readonly number[]): Buffer {
  const bytes = Buffer.alloc(2 * tokens.length);
  for (let i = 0; i < tokens.length; i++) bytes.writeUInt16LE(tokens[i]!, 2 * i);
  return bytes;
}
