/** Shards of printed music, as training reads them. */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { END, METRE, VOCABULARY } from '../../../../src/music/tokens/vocabulary.ts';
import { vocabularyHash } from '../../../../src/sampling/vocabulary-hash.ts';
import { inProcess } from '../../../support/in-process.ts';
import { END_OF_TRACK, smf } from '../../../support/smf.ts';

let corpus: string;
beforeAll(async () => {
  corpus = await mkdtemp(join(tmpdir(), 'pianola-scores-'));
});
afterAll(() => rm(corpus, { recursive: true, force: true }));

/** Quarter notes of one key, in a metre of so many quarters. */
const staff = (pitch: number, beats: number): number[] => [
  ...[0, 0xff, 0x58, 4, beats, 2, 24, 8],
  ...Array.from({ length: 6 }, () => [0, 0x90, pitch, 64, 0x83, 0x60, 0x80, pitch, 0]).flat(),
  ...END_OF_TRACK,
];
const score = (beats: number, ...pitches: number[]): Uint8Array =>
  smf({ tracks: pitches.map((pitch) => staff(pitch, beats)), format: 1 });

test('corpus tokens writes music on a grid, with its texture, an unknown source as a known one; what has no bars is left out', async () => {
  const pieces: [file: string, split: string, bytes: Uint8Array][] = [
    ['mutopia/line.mid', 'train', score(3, 60)],
    ['mutopia/solo.mid', 'train', score(3, 60, 48)],
    ['openscore-lieder/song.mid', 'valid', score(3, 72, 60, 48)],
    ['nifc-polish-scores/song/song.mid', 'test', score(3, 72, 60, 48)],
    ['nifc-polish-scores/piano/solo.mid', 'test', score(3, 72, 60, 48)],
    ['mutopia/long-bars.mid', 'train', score(9, 60)],
    ['rolls/played.mid', 'train', score(3, 60)],
  ];
  for (const [file, , bytes] of pieces) {
    await mkdir(dirname(join(corpus, file)), { recursive: true });
    await writeFile(join(corpus, file), bytes);
  }
  const rows = pieces.map(([file, split]) => `${file}\t${split}\t0`);
  await writeFile(join(corpus, 'splits.tsv'), `file\tsplit\tgroup\n${rows.join('\n')}\n`);
  const out = join(corpus, 'data');
  const ended = await inProcess(['corpus', 'tokens', '--corpus', corpus, '--out', out, '--json']);
  expect(ended.code).toBe(0);
  expect(JSON.parse(ended.stdout)).toMatchObject({ train: { pieces: 3 }, refused: 1 });
  expect(ended.stderr).toContain('mutopia/long-bars.mid: a bar is longer than eight quarters (no_bars)');

  const { vocabulary, splits } = JSON.parse(await readFile(join(out, 'index.json'), 'utf8'));
  expect(vocabulary).toEqual({ ...VOCABULARY, hash: vocabularyHash() });
  const told = Object.values(splits).flat() as { file: string; source: string; texture: string }[];
  expect(told.map(({ file, source, texture }) => [file, source, texture])).toEqual([
    ['mutopia/line.mid', 'mutopia', 'line'],
    ['mutopia/solo.mid', 'mutopia', 'solo'],
    ['rolls/played.mid', 'mutopia', 'line'],
    ['openscore-lieder/song.mid', 'openscore-lieder', 'song'],
    ['nifc-polish-scores/song/song.mid', 'nifc-polish-scores', 'song'],
    ['nifc-polish-scores/piano/solo.mid', 'nifc-polish-scores', 'solo'],
  ]);
  const shard = await readFile(join(out, 'train.bin'));
  const tokens = Array.from({ length: shard.length / 2 }, (_, i) => shard.readUInt16LE(2 * i));
  const [line, solo, played] = splits.train;
  expect([line.start, solo.start, played.start, played.start + played.length]).toEqual([
    0,
    line.length,
    line.length + solo.length,
    tokens.length,
  ]);
  for (const { start, length } of [line, solo, played]) {
    const piece = tokens.slice(start, start + length);
    expect([piece.length % 3, piece.at(-1)]).toEqual([1, END]);
    expect(piece).toContain(METRE + 1); // 3/4
  }
});
