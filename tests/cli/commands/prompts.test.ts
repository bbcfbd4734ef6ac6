import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { writeMidiFile } from '../../../src/music/midi/write.ts';
import { inProcess, jsonLines } from '../../support/in-process.ts';
import { scale } from '../../support/music.ts';

let data: string;
const at = (name: string) => join(data, name);
beforeAll(async () => {
  data = await mkdtemp(join(tmpdir(), 'pianola-prompts-'));
  const put = (name: string, ms: number) =>
    writeFile(at(name), writeMidiFile({ title: 'x', music: scale(ms), markers: [] }));
  await put('a.mid', 10_000);
  await put('b.mid', 20_000);
  await writeFile(at('bad.mid'), 'MThd');
});
afterAll(() => rm(data, { recursive: true, force: true }));
const run = (...args: string[]) => inProcess([...args, '--data', data, '--json']);
const SHORT = ['--minutes', '0.5', '--candidates', '1'];
const put = (name: string, ...args: string[]) => run('prompts', 'put', at(name), ...args);

test('a prompt is kept once a day: again is the same, another is a conflict, --force replaces', async () => {
  const day = ['--date', '2030-01-02'];
  const first = await put('a.mid', ...day);
  expect({ code: first.code, told: JSON.parse(first.stdout) }).toMatchObject({
    code: 0,
    told: { outcome: 'put' },
  });
  expect(JSON.parse((await put('a.mid', ...day)).stdout)).toMatchObject({ outcome: 'present' });
  expect((await put('b.mid', ...day)).code).toBe(5);
  expect(jsonLines((await run('prompts', 'list')).stdout)).toMatchObject([{ date: '2030-01-02', notes: 20 }]);
  expect((await put('b.mid', ...day, '--force')).code).toBe(0);
  expect(jsonLines((await run('prompts', 'list')).stdout)).toMatchObject([{ name: 'b.mid', notes: 40 }]);
});

test('a prompt is removed with --yes alone; then the day has none, which is said: 4, 0, 3', async () => {
  const elsewhere = ['--data', at('removed')];
  const plain = (...args: string[]) => inProcess(['prompts', ...args, ...elsewhere]);
  expect((await plain('list')).stderr).toBe(
    'No day has a prompt. Put one with: pianola prompts put mine.mid\n',
  );
  await plain('put', at('a.mid'), '--date', '2030-01-02');
  expect((await plain('remove', '2030-01-02', '--dry-run')).stderr).toContain('Would remove the prompt');
  expect((await plain('remove', '2030-01-02')).code).toBe(4);
  expect((await plain('list')).stdout).toContain('2030-01-02');
  expect((await plain('remove', '2030-01-02', '--yes')).code).toBe(0);
  expect((await plain('list')).stdout).toBe('');
  expect((await plain('remove', '2030-01-02', '--yes')).code).toBe(3);
  // The same music may be put again.
  expect((await plain('put', at('a.mid'), '--date', '2030-01-02')).code).toBe(0);
});

test('a day that is over takes no prompt: 2', async () => {
  const { code, stderr } = await put('a.mid', '--date', '2020-01-01');
  expect({ code, stderr }).toMatchObject({ code: 2, stderr: expect.stringContaining('2020-01-01 is over') });
});

test('logs where nothing was logged says so', async () => {
  const { code, stdout, stderr } = await inProcess(['logs', '--data', at('nowhere')]);
  expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
  expect(stderr).toMatch(/^There is no log yet in /);
});

test('--dry-run says what would be kept, refuses what would be refused, and keeps nothing', async () => {
  const day = ['--date', '2033-01-02', '--dry-run'];
  const before = (await run('prompts', 'list')).stdout;
  expect(JSON.parse((await put('a.mid', ...day)).stdout)).toMatchObject({ outcome: 'put', dryRun: true });
  expect((await run('prompts', 'list')).stdout).toBe(before);
  await put('a.mid', '--date', '2033-01-02');
  expect((await put('b.mid', ...day)).code).toBe(5);
  expect((await put('b.mid', ...day, '--force')).code).toBe(0);
  expect(jsonLines((await run('prompts', 'list')).stdout)).toContainEqual(
    expect.objectContaining({ date: '2033-01-02', name: 'a.mid' }),
  );
});

test('no MIDI: 2; no file: 3; and nothing is kept', async () => {
  const before = (await run('prompts', 'list')).stdout;
  expect((await put('bad.mid')).code).toBe(2);
  expect((await put('missing.mid')).code).toBe(3);
  expect((await run('prompts', 'list')).stdout).toBe(before);
});

test('the performance of that day goes on from it, and its record says so; other days do not', async () => {
  const { sha256 } = JSON.parse((await put('a.mid', '--date', '2031-01-01')).stdout);
  const compose = async (...args: string[]) => {
    const { stdout, stderr } = await run('compose', ...SHORT, '--seed', '3', ...args);
    return stdout ? JSON.parse(stdout) : { stderr };
  };
  const day = await compose('--date', '2031-01-01');
  expect(day.settings.promptSha256).toBe(sha256);
  const bare = await compose('--date', '2031-01-01', '--out', at('bare.mid'));
  expect(bare.settings).not.toHaveProperty('promptSha256');
  expect(bare.midiSha256).not.toBe(day.midiSha256);
  expect((await put('b.mid', '--date', '2031-01-01', '--force')).code).toBe(5);
});

test('a prompt that was changed behind our back composes nothing: 1', async () => {
  const { sha256 } = JSON.parse((await put('a.mid', '--date', '2032-01-01')).stdout);
  const path = join(data, 'prompts', `${sha256}.mid`);
  const whole = await readFile(path);
  await writeFile(path, await readFile(at('b.mid')));
  const { code, stderr } = await run('compose', '--date', '2032-01-01', ...SHORT);
  await writeFile(path, whole);
  expect({ code, stderr }).toMatchObject({ code: 1, stderr: expect.stringContaining('damaged') });
});
