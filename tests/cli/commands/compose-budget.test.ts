import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { inProcess } from '../../support/in-process.ts';

let data: string;
beforeAll(async () => {
  data = await mkdtemp(join(tmpdir(), 'pianola-budget-'));
});
afterAll(() => rm(data, { recursive: true, force: true }));
const compose = (...args: string[]) => inProcess(['compose', '--json', '--seed', '7', ...args]);

test('a deadline that cannot be met: 1, what to do about it, and nothing half-written', async () => {
  const file = join(data, 'none.mid');
  const late = await compose('--minutes', '8', '--deadline', '0.001', '--out', file);
  expect(late).toMatchObject({ code: 1, stdout: '' });
  expect(JSON.parse(late.stderr).error).toEqual({
    code: 'deadline',
    message: 'the deadline leaves no time for music: give more time, or ask for fewer minutes',
  });
  expect(await readdir(data)).toEqual([]);
  const day = await compose('--date', '2031-01-01', '--deadline', '0.001', '--data', data);
  expect(day.code).toBe(1);
  expect(await readdir(join(data, 'performances'))).toEqual([]);
});

test('a budget of tokens makes the music shorter, is recorded, and gives the same bytes again', async () => {
  const once = async (name: string, ...args: string[]) => {
    const { stdout, stderr } = await compose('--minutes', '4', '--out', join(data, name), ...args);
    expect(stderr).toBe('');
    return JSON.parse(stdout);
  };
  const first = await once('a.mid', '--tokens', '700', '--candidates', '2');
  expect(first.settings).toMatchObject({ minutes: 4, tokenBudget: 700, candidates: 2, cutShort: false });
  expect(first.settings.plannedMinutes).toBeLessThan(1);
  expect(first.durationMs).toBeLessThan(60_000);
  const again = await once('b.mid', '--tokens', '700', '--candidates', '2', '--deadline', '86000');
  expect(again.midiSha256).toBe(first.midiSha256);
});

test.each([
  ['--candidates', '0'],
  ['--candidates', '33'],
  ['--candidates', '1.5'],
  ['--tokens', '-1'],
  ['--deadline', '0'],
  ['--deadline', 'soon'],
])('%s %s is refused as usage: 2', async (option, value) => {
  const { code, stderr } = await compose(option, value);
  expect(code).toBe(2);
  expect(stderr).toContain(option);
});
