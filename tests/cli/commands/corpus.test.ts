import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { writeMidiFile } from '../../../src/music/midi/write.ts';
import { toMusic } from '../../../src/music/note.ts';
import { inProcess } from '../../support/in-process.ts';
import { scale } from '../../support/music.ts';

let corpus: string;
beforeAll(async () => {
  corpus = await mkdtemp(join(tmpdir(), 'pianola-corpus-'));
  await mkdir(join(corpus, 'rolls'));
  const plain = scale(10_000);
  const pedalled = toMusic(scale(5_000).notes, [{ ms: 0, value: 127 }]);
  await writeFile(join(corpus, 'rolls', 'a.mid'), writeMidiFile({ title: 'a', music: plain, markers: [] }));
  await writeFile(
    join(corpus, 'rolls', 'b.mid'),
    writeMidiFile({ title: 'b', music: pedalled, markers: [] }),
  );
  await writeFile(join(corpus, 'rolls', 'c.mid'), 'no MIDI');
  const rows = [
    'file\tsplit\tgroup',
    'rolls/a.mid\ttrain\t0',
    'rolls/b.mid\ttest\t1',
    'rolls/c.mid\ttrain\t2',
  ];
  await writeFile(join(corpus, 'splits.tsv'), `${rows.join('\n')}\n`);
});
afterAll(() => rm(corpus, { recursive: true, force: true }));

test('corpus stats counts pieces, notes and time by source and split, and names what cannot be read', async () => {
  const { code, stdout } = await inProcess(['corpus', 'stats', '--corpus', corpus, '--json']);
  expect(code).toBe(0);
  const { sources, splits, refused } = JSON.parse(stdout);
  expect(sources).toEqual({ rolls: { pieces: 2, notes: 30, durationMs: 9_750 + 4_750, withPedal: 1 } });
  expect(splits.train).toMatchObject({ pieces: 1, notes: 20 });
  expect(splits.test).toMatchObject({ pieces: 1, notes: 10, withPedal: 1 });
  expect(refused).toEqual([expect.stringContaining('rolls/c.mid: not a MIDI file')]);
});

test('corpus tokens writes a shard a split', async () => {
  const out = join(corpus, 'data');
  const { code, stdout } = await inProcess(['corpus', 'tokens', '--corpus', corpus, '--out', out, '--json']);
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ train: { pieces: 1 }, test: { pieces: 1 }, refused: 1 });
});

test('a directory without splits.tsv: 3', async () =>
  expect((await inProcess(['corpus', 'stats', '--corpus', join(corpus, 'rolls')])).code).toBe(3));
