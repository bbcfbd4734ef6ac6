import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { intervalsOfPiece, readShard, trainingIntervals } from '../../bench/corpus/shards.ts';
import { END, NO_PITCH, NO_TOUCH, PITCH, REST, STYLE, TOUCH } from '../../src/music/tokens/vocabulary.ts';

const note = (key: number) => [5, PITCH + key, TOUCH];
const FIRST = [...note(40), ...note(44), REST, NO_PITCH, NO_TOUCH, ...note(37)];
const SECOND = [...note(10), ...note(9)];

let directory: string;
async function write(train: readonly number[], second = { start: FIRST.length + 1, length: SECOND.length }) {
  await writeFile(join(directory, 'train.bin'), Uint8Array.from(train.flatMap((id) => [id & 255, id >> 8])));
  const pieces = [
    { file: 'a.mid', source: 'rolls', start: 0, length: FIRST.length + 1 },
    { file: 'b.mid', source: 'scores', ...second },
  ];
  await writeFile(join(directory, 'index.json'), JSON.stringify({ splits: { train: pieces } }));
}
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'pianola-shards-'));
});
afterAll(() => rm(directory, { recursive: true }));

test('pieces are read from where the index says they lie, without END, of the sources asked for', async () => {
  await write([...FIRST, END, ...SECOND]);
  const tokensOf = async (...sources: string[][]) =>
    (await readShard(directory, 'train', ...sources)).map(({ tokens }) => tokens);
  expect(await tokensOf()).toEqual([FIRST, SECOND]);
  expect(await tokensOf(['scores'])).toEqual([SECOND]);
});

test('intervals are those between struck keys: a rest is none', async () => {
  await write([...FIRST, END, ...SECOND]);
  expect((await trainingIntervals(directory)).map((steps) => Array.from(steps))).toEqual([[4, -7], [-1]]);
  expect(intervalsOfPiece({ file: 'x', source: 'y', tokens: note(3) })).toHaveLength(0);
});

test('ids that are no music are refused by the name of the piece', async () => {
  await write([...FIRST, END, STYLE, PITCH, TOUCH], { start: FIRST.length + 1, length: 3 });
  await expect(readShard(directory, 'train')).rejects.toThrow('b.mid: ids beyond the music');
});
