import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import WebSocket from 'ws';
import { writeMidiFile } from '../../../../src/music/midi/write.ts';
import { type Frame, parseFrame } from '../../../../src/wire.ts';
import { BIN } from '../../../support/cli.ts';
import { scale } from '../../../support/music.ts';

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'pianola-serve-'));
  await writeFile(join(directory, 'a.mid'), writeMidiFile({ title: 'a', music: scale(60_000), markers: [] }));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

test('replay --serve: a private broadcast at the speed and from the place asked for, gone without a trace', async () => {
  // Of a minute, at twice the speed, the last four seconds are left.
  const args = ['replay', 'a.mid', '--serve', '--speed', '2', '--from', '0:52', '--json'];
  const child = spawn(process.execPath, [BIN, ...args], {
    cwd: directory,
    env: { ...process.env, NODE_OPTIONS: '', TMPDIR: directory },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'close');
  const [text] = (await once(child.stdout.setEncoding('utf8'), 'data')) as [string];
  const { url, startsAt, durationMs } = JSON.parse(text);
  expect(durationMs).toBe(3_875);
  expect(startsAt - Date.now()).toBeGreaterThan(2000);
  expect(new URL(url).hostname).toBe('localhost');
  expect((await fetch(url)).status).toBe(200);

  const frames: Frame[] = [];
  const socket = new WebSocket(`${url.replace('http', 'ws')}/ws`, { origin: url });
  socket.on('message', (message) => frames.push(parseFrame(String(message))!));
  await once(socket, 'open');
  socket.send('{"action":"join"}');
  const [code] = await ended;
  expect(code).toBe(0);
  const hello = frames.find((frame) => frame.type === 'hello' && frame.t0 !== null);
  expect(hello).toMatchObject({ t0: startsAt, durationMs, encore: false });
  const notes = frames.flatMap((frame) => (frame.type === 'chunk' ? frame.notes : []));
  // Half a second apart in the file, a quarter of one here.
  expect(notes.map(([onset]) => onset)).toEqual(Array.from({ length: 16 }, (_, i) => i * 250));
  expect(frames.at(-1)).toMatchObject({ type: 'hello', state: 'ended' });
  expect((await readdir(directory)).filter((name) => name.startsWith('pianola'))).toEqual([]);
});
