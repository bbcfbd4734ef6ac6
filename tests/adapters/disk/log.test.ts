import { appendFile, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { logFile, readLog } from '../../../src/adapters/disk/log.ts';

let data: string;
beforeEach(async () => {
  data = await mkdtemp(join(tmpdir(), 'pianola-log-'));
});
afterEach(() => rm(data, { recursive: true, force: true }));

const read = async (last: number) => {
  const found: unknown[] = [];
  for await (const line of readLog(data, last, false)) found.push(JSON.parse(line));
  return found;
};

test('events are written in order, and the last of them read back', async () => {
  const log = logFile(join(data), { now: () => 7 });
  for (let i = 0; i < 5; i++) log('tick', { i, ü: '日' });
  expect(await read(2)).toEqual([
    { at: 7, event: 'tick', i: 3, ü: '日' },
    { at: 7, event: 'tick', i: 4, ü: '日' },
  ]);
  expect(await read(100)).toHaveLength(5);
});

test('there may be none yet', async () => expect(await read(5)).toEqual([]));

test('a log that is long begins a second file, and no line is lost between the two', async () => {
  const log = logFile(data, { now: () => 7 });
  const text = 'x'.repeat(100_000);
  for (let i = 0; i < 30; i++) log('tick', { i, text });
  expect((await readdir(data)).sort()).toEqual(['log.1.jsonl', 'log.jsonl']);
  expect((await read(30)).map((entry) => (entry as { i: number }).i)).toEqual(
    Array.from({ length: 30 }, (_, i) => i),
  );
});

test('followed, it gives each new line whole, also one written in two pieces, until told to stop', async () => {
  const log = logFile(data, { now: () => 7 });
  log('before');
  const stop = new AbortController();
  const seen: string[] = [];
  for await (const line of readLog(data, 1, true, stop.signal)) {
    seen.push((JSON.parse(line) as { event: string }).event);
    if (seen.length === 1) log('after');
    if (seen.length === 2) {
      await appendFile(join(data, 'log.jsonl'), '{"event":"in two');
      setTimeout(() => void appendFile(join(data, 'log.jsonl'), ' pieces"}\n'), 400);
    }
    if (seen.length === 3) stop.abort();
  }
  expect(seen).toEqual(['before', 'after', 'in two pieces']);
});

test('a log that cannot be written stops nothing', () => {
  expect(() => logFile('/dev/null/nowhere', { now: () => 7 })('event')).not.toThrow();
});
