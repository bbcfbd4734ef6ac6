import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { writeMidiFile } from '../../../../src/music/midi/write.ts';
import { type Music, toMusic } from '../../../../src/music/note.ts';
import { inProcess, lines } from '../../../support/in-process.ts';
import { note, scale } from '../../../support/music.ts';
import { hasPty, inPty } from '../../../support/pty.ts';

let root: string;
const at = (...path: string[]) => join(root, ...path);
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'pianola-collect-'));
  await mkdir(at('rolls', 'deep'), { recursive: true });
  await mkdir(at('more', 'rolls'), { recursive: true });
  await put(at('rolls', 'a.mid'), scale(10_000));
  await put(at('rolls', 'deep', 'A.MIDI'), scale(11_000));
  await put(at('rolls', 'deep', 'same notes.mid'), toMusic(scale(10_000).notes, [{ ms: 0, value: 127 }]));
  await put(at('rolls', '..hidden\tname\u202e.mid'), scale(12_000));
  await writeFile(at('rolls', 'bad.mid'), '<html>');
  await writeFile(at('rolls', 'big.mid'), new Uint8Array(1_000_001));
  await writeFile(at('rolls', 'notes.txt'), 'no music');
  await put(at('outside.mid'), scale(13_000));
  await symlink(at('outside.mid'), at('rolls', 'link.mid'));
  await symlink(at('more'), at('rolls', 'linked'));
  await put(at('more', 'rolls', 'a.mid'), scale(14_000));
});
afterAll(() => rm(root, { recursive: true, force: true }));

const put = (path: string, music: Music) =>
  writeFile(path, writeMidiFile({ title: 'x', music, markers: [] }));
const collect = (...args: string[]) => inProcess(['corpus', 'collect', ...args]);
const rows = async (...path: string[]) =>
  lines(await readFile(at(...path), 'utf8')).map((line) => line.split('\t'));

test('what can be read is collected once, under safe names, and the rest is told with its reason', async () => {
  const { code, stdout } = await collect(at('rolls'), at('more', 'rolls'), '--out', at('out'), '--json');
  expect(code).toBe(0);
  const told = JSON.parse(stdout);
  expect(told).toMatchObject({ pieces: 4, duplicates: 1, written: true });
  expect(told.refused).toEqual([
    { file: at('rolls', 'bad.mid'), code: 'not_midi', reason: expect.stringContaining('not a MIDI file') },
    { file: at('rolls', 'big.mid'), code: 'too_large', reason: expect.stringContaining('1000001 bytes') },
  ]);
  const files = (await readdir(at('out', 'rolls'))).sort();
  expect(files).toEqual([
    expect.stringMatching(/^A-[0-9a-f]{12}\.mid$/),
    expect.stringMatching(/^a-[0-9a-f]{12}\.mid$/),
    'a.mid',
    'hidden_name_.mid',
    'metadata.tsv',
    'provenance.tsv',
    'site.json',
  ]);
  expect((await readdir(at('out'))).sort()).toEqual(['rolls', 'splits.tsv']);
  expect(await readFile(at('out', 'rolls', 'a.mid'))).toEqual(await readFile(at('rolls', 'a.mid')));
  const [head, ...metadata] = await rows('out', 'rolls', 'metadata.tsv');
  expect(head).toEqual(['file', 'notes', 'seconds', 'distinct_velocities']);
  expect(metadata.find(([file]) => file === 'a.mid')).toEqual(['a.mid', '20', '9.8', '20']);
  expect(metadata).toHaveLength(4);
});

test('corpus stats and corpus tokens read what was collected', async () => {
  const stats = JSON.parse((await inProcess(['corpus', 'stats', '--corpus', at('out'), '--json'])).stdout);
  expect(stats.sources).toMatchObject({ rolls: { pieces: 4 } });
  expect(stats.refused).toEqual([]);
  const tokens = await inProcess(['corpus', 'tokens', '--corpus', at('out'), '--out', at('t'), '--json']);
  const { train, valid, test } = JSON.parse(tokens.stdout);
  expect(train.pieces + valid.pieces + test.pieces).toBe(4);
});

test('about 92, 4 and 4 of a hundred, and what is added moves nothing', async () => {
  await mkdir(at('many'));
  const piece = (i: number) => put(at('many', `${i}.mid`), toMusic([note(i, 100)]));
  for (let i = 0; i < 500; i++) await piece(i);
  expect((await collect(at('many'), '--out', at('first'))).code).toBe(0);
  for (let i = 500; i < 600; i++) await piece(i);
  expect((await collect(at('many'), '--out', at('second'))).code).toBe(0);
  const first = (await rows('first', 'splits.tsv')).slice(1);
  const second = new Map((await rows('second', 'splits.tsv')).map((row) => [row[0], row]));
  for (const row of first) expect(second.get(row[0])).toEqual(row);
  const part = (split: string) => first.filter((row) => row[1] === split).length / first.length;
  expect(Math.abs(part('train') - 0.92)).toBeLessThan(0.04);
  for (const held of ['valid', 'test']) expect(Math.abs(part(held) - 0.04)).toBeLessThan(0.03);
  expect(new Set(first.map((row) => row[2])).size).toBe(500);
});

test('--held-out keeps more back of a small collection', async () => {
  const { stdout } = await collect(at('many'), '--out', at('third'), '--held-out', '20', '--json');
  const { train, valid, test } = JSON.parse(stdout).splits;
  for (const [held, part] of [
    [train, 0.6],
    [valid, 0.2],
    [test, 0.2],
  ])
    expect(Math.abs(held / 600 - part)).toBeLessThan(0.04);
  const told = (await rows('third', 'splits.tsv')).filter((row) => row[1] === 'valid');
  expect(told).toHaveLength(valid);
  for (const wrong of ['0', '41', 'some'])
    expect((await collect(at('many'), '--out', at('none'), '--held-out', wrong)).code).toBe(2);
});

test('--dry-run writes nothing', async () => {
  const { code, stdout } = await collect(at('rolls'), '--out', at('dry'), '--dry-run');
  expect(code).toBe(0);
  expect(stdout).toContain('would hold 3 pieces');
  expect(await readdir(root)).not.toContain('dry');
});

test('a link in the place of a source is not followed: 4', async () => {
  await mkdir(at('trap'));
  await mkdir(at('elsewhere'));
  await symlink(at('elsewhere'), at('trap', 'rolls'));
  expect((await collect(at('rolls'), '--out', at('trap'))).code).toBe(4);
  expect(await readdir(at('elsewhere'))).toEqual([]);
});

test('nothing usable or --out among the music: 2; no directory, no music: 3; no place: 4; there already: 5', async () => {
  await mkdir(at('bad'));
  await writeFile(at('bad', 'a.mid'), 'MThd');
  await mkdir(at('empty'));
  const codeOf = async (...args: string[]) => (await collect(...args)).code;
  expect(await codeOf(at('bad'), '--out', at('none'))).toBe(2);
  expect(await codeOf(at('rolls', 'a.mid'), '--out', at('none'))).toBe(2);
  expect(await codeOf(at('rolls'), '--out', at('rolls', 'new', 'out'))).toBe(2);
  expect(await codeOf(at('out', 'rolls'), '--out', at('out'), '--force')).toBe(2);
  expect(await codeOf(at('missing'), '--out', at('none'))).toBe(3);
  expect(await codeOf(at('empty'), '--out', at('none'))).toBe(3);
  expect(await codeOf(at('rolls'), '--out', at('rolls', 'a.mid', 'x'))).toBe(2);
  expect(await codeOf(at('rolls'), '--out', at('outside.mid', 'x'))).toBe(4);
  const before = await readFile(at('out', 'splits.tsv'), 'utf8');
  expect(await codeOf(at('rolls'), '--out', at('out'))).toBe(5);
  expect(await readFile(at('out', 'splits.tsv'), 'utf8')).toBe(before);
  expect(await codeOf(at('rolls'), '--out', at('out'), '--force')).toBe(0);
});

(hasPty ? test : test.skip)('a terminal sees a bar, and sees it wiped away', async () => {
  const { code, screen } = await inPty(['corpus', 'collect', at('many'), '--out', at('seen')]);
  expect(code).toBe(0);
  expect(screen).toMatch(/Collecting into \S+ █*░* \d+ of 600/);
});
