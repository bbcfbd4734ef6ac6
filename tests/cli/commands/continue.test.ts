import { mkdir, mkdtemp, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { musicIn } from '../../../src/cli/commands/continue-folder.ts';
import { readMidiFile } from '../../../src/music/midi/file.ts';
import { writeMidiFile } from '../../../src/music/midi/write.ts';
import { type Music, toMusic } from '../../../src/music/note.ts';
import { inProcess } from '../../support/in-process.ts';
import { scale } from '../../support/music.ts';
import { hasPty, inPty } from '../../support/pty.ts';

const MUSIC = toMusic(scale(12_000, 250).notes, [
  { ms: 3, value: 127 },
  { ms: 777, value: 0 },
]);
let directory: string;
let mine: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'pianola-continue-'));
  mine = join(directory, 'mine.mid');
  await writeFile(mine, writeMidiFile({ title: 'Mine', music: MUSIC, markers: [{ ms: 0, text: 'Début' }] }));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

const goOn = (...args: string[]) =>
  inProcess(['continue', mine, '--minutes', '0.5', '--data', directory, ...args]);
async function musicAt(path: string): Promise<Music> {
  const file = readMidiFile(await readFile(path));
  if ('problem' in file) throw new Error(file.problem);
  return file.music;
}

test('the music is there unchanged, then the continuation; the JSON says where it begins', async () => {
  const before = await readFile(mine);
  const { code, stdout, stderr } = await goOn('--json');
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const told = JSON.parse(stdout);
  const out = join(directory, 'mine-continued.mid');
  expect(told).toMatchObject({ title: 'Mine', outcome: 'continued', out });
  expect(told.settings).toEqual({ minutes: 0.5, quartersPerMinute: 120 });
  const { notes, pedal, durationMs } = await musicAt(out);
  expect(notes.slice(0, MUSIC.notes.length)).toEqual(MUSIC.notes);
  expect(pedal.slice(0, 2)).toEqual(MUSIC.pedal);
  expect(notes[MUSIC.notes.length]!.onsetMs).toBe(told.continuedFromMs);
  expect([notes.length, durationMs]).toEqual([told.notes, told.durationMs]);
  expect(durationMs).toBeGreaterThan(12_000 + 20_000);
  expect(await readFile(mine)).toEqual(before);
});

test('what is there already is kept: 5; --force replaces it, with the same bytes', async () => {
  const out = join(directory, 'again.mid');
  expect((await goOn('--out', out)).code).toBe(0);
  const first = await readFile(out);
  await writeFile(out, 'kept');
  const refused = await goOn('--out', out);
  expect({ code: refused.code, text: await readFile(out, 'utf8') }).toEqual({ code: 5, text: 'kept' });
  expect(refused.stderr).toContain('--force');
  expect((await goOn('--out', out, '--force')).code).toBe(0);
  expect(await readFile(out)).toEqual(first);
  expect((await goOn('--out', out, '--force', '--seed', '8')).code).toBe(0);
  expect(await readFile(out)).not.toEqual(first);
});

test('no MIDI: 2; no file: 3; no place to write to: 4; no model: 1; and nothing is written', async () => {
  const codeOf = async (...args: string[]) => (await inProcess(['continue', ...args])).code;
  const bad = join(directory, 'bad.mid');
  await writeFile(bad, 'MThd');
  await mkdir(join(directory, 'a-directory'));
  expect(await codeOf(bad)).toBe(2);
  expect(await codeOf(join(directory, 'a-directory'))).toBe(2);
  expect(await codeOf(join(directory, 'missing.mid'))).toBe(3);
  expect(await codeOf(mine, '--out', join(directory, 'nowhere', 'a.mid'))).toBe(4);
  expect(await codeOf(mine, '--out', join(directory, 'a-directory'), '--force')).toBe(4);
  const out = join(directory, 'none.mid');
  expect(await codeOf(mine, '--out', out, '--model', join(directory, 'a-directory'))).toBe(1);
  await expect(readFile(out)).rejects.toThrow('ENOENT');
});

test('a folder: a bad file has its fault beside it, told once; what is no folder is not watched', async () => {
  const folder = join(directory, 'folder');
  await mkdir(folder);
  await writeFile(join(folder, 'page.mid'), '<!doctype html>');
  const run = async () => JSON.parse((await inProcess(['continue', folder, '--json'])).stdout);
  expect(await run()).toMatchObject({ outcome: 'refused', name: 'page.mid', reason: 'not_midi' });
  expect(JSON.parse(await readFile(join(folder, 'page.mid.error.json'), 'utf8'))).toMatchObject({
    reason: 'not_midi',
    at: 0,
  });
  expect(await run()).toEqual({ outcome: 'present', name: 'page.mid' });
  expect((await inProcess(['continue', mine, '--watch'])).code).toBe(2);
});

test('a file of a watched folder has another mark whenever it was written, and what lies deeper is none', async () => {
  const folder = join(directory, 'marks');
  await mkdir(join(folder, 'continuations', 'a.mid'), { recursive: true });
  await mkdir(join(folder, 'folder.mid'));
  for (const name of ['a.mid', 'b.KAR', 'notes.txt', 'continuations/c.mid'])
    await writeFile(join(folder, name), 'MThd');
  const before = await musicIn(folder);
  expect(before.map(({ name }) => name)).toEqual(['a.mid', 'b.KAR']);
  expect(await musicIn(folder)).toEqual(before);
  await writeFile(join(folder, 'a.mid'), 'MTrk');
  await utimes(join(folder, 'a.mid'), 1_000, 1_000);
  await writeFile(join(folder, 'b.KAR'), 'longer');
  const after = await musicIn(folder);
  expect(after.map(({ mark }, i) => mark === before[i]!.mark)).toEqual([false, false]);
  expect(after[0]!.writtenAt).toBe(1_000_000);
});

(hasPty ? test : test.skip)('a terminal sees a bar, and sees it wiped away', async () => {
  const out = join(directory, 'bar.mid');
  const { code, screen } = await inPty(['continue', mine, '--minutes', '0.5', '--out', out]);
  expect(code).toBe(0);
  expect(screen).toMatch(/Composing on from \S+ █*░* \d:\d\d of 0:30/);
  expect(screen.indexOf('\r\x1b[K', screen.lastIndexOf('░'))).toBeGreaterThan(0);
});
