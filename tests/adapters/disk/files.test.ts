import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { createFile, replaceFile } from '../../../src/adapters/disk/atomic-file.ts';
import { filePerformances, fileSite } from '../../../src/adapters/disk/performances.ts';
import { scale, stored } from '../../support/music.ts';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'pianola-'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

test('of fifty writers of one new file exactly one creates it, and it is whole', async () => {
  const path = join(directory, 'a');
  const outcomes = await Promise.all(
    Array.from({ length: 50 }, (_, i) => createFile(path, `${i}`.repeat(10_000))),
  );
  expect(outcomes.filter((outcome) => outcome === 'created')).toHaveLength(1);
  const winner = outcomes.indexOf('created');
  expect(await readFile(path, 'utf8')).toBe(`${winner}`.repeat(10_000));
  expect(await readdir(directory)).toEqual(['a']);
});

test('a write that fails leaves the old file, and no temporary one', async () => {
  await writeFile(join(directory, 'a'), 'old');
  // A body that cannot be written stands for a full disk.
  await expect(replaceFile(join(directory, 'a'), 5 as unknown as string)).rejects.toThrow();
  expect(await readFile(join(directory, 'a'), 'utf8')).toBe('old');
  expect(await readdir(directory)).toEqual(['a']);
});

test('a damaged MIDI is a fault that names the performance and both hashes', async () => {
  const performances = filePerformances(directory);
  const piece = stored('2026-11-21', scale(20_000));
  await performances.create(piece);
  const path = join(directory, `${piece.record.midiSha256}.mid`);
  const bytes = await readFile(path);
  bytes[50]! ^= 1;
  await writeFile(path, bytes);
  await expect(performances.get('2026-11-21')).rejects.toThrow(
    /^the MIDI of 2026-11-21 has sha256 [0-9a-f]{64}, its record says/,
  );
});

test.each(['{', '{"schema":2}', '{"schema":1,"midiSha256":"../../etc/passwd"}'])(
  'a record that reads %s is a fault',
  async (text) => {
    await writeFile(join(directory, '2026-11-21.json'), text);
    await expect(filePerformances(directory).get('2026-11-21')).rejects.toThrow(/2026-11-21/);
  },
);

test('an id that is no date never becomes a path', async () => {
  await expect(filePerformances(directory).get('../../etc/passwd')).rejects.toThrow('not a date');
});

test('the site takes paths inside it, and no others', async () => {
  const site = fileSite(directory);
  await site.put('2026-11-21/record.json', '{}');
  expect(await readFile(join(directory, '2026-11-21', 'record.json'), 'utf8')).toBe('{}');
  expect(await site.get('2026-11-22/record.json')).toBeNull();
  expect(() => site.put('../outside', '')).toThrow('leaves the site');
  expect(() => site.put('a/../../outside', '')).toThrow('leaves the site');
});
