import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, test } from '@jest/globals';
import { openStation } from '../src/local/station.ts';
import { scale, stored } from './support/music.ts';

const root = resolve(import.meta.dirname, '..');
const LISTENER = join(root, 'examples/listener.ts');

test('the listener of examples/ prints every note of a broadcast, in order and not before its time, and ends with it', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'pianola-example-'));
  const music = scale(3_000, 300);
  const station = await openStation({
    dataDir,
    host: '127.0.0.1',
    port: 0,
    assets: new Map(),
    timeZone: 'Europe/Berlin',
    timeOfDay: '20:00',
    log: () => {},
  });
  try {
    await station.performances.create(stored('2026-11-21', music));
    const { host } = new URL(station.url);
    const child = spawn(process.execPath, ['--import', 'tsx', LISTENER, `ws://${host}/ws`], {
      cwd: root,
      env: { ...process.env, NODE_OPTIONS: '' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const heard: { note: unknown; at: number }[] = [];
    let faults = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      for (const line of text.trim().split('\n')) heard.push({ note: JSON.parse(line), at: Date.now() });
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      faults += text;
    });
    const ended = new Promise<number | null>((done) => child.once('close', done));
    while (station.listeners() === 0 && child.exitCode === null)
      await new Promise((later) => setTimeout(later, 50));
    const t0 = Date.now() + 2_000;
    await station.play({ window: 'test', startsAt: t0, wanted: '2026-11-21', next: t0 + 86_400_000 });
    expect([await ended, faults]).toEqual([0, '']);
    expect(heard.map(({ note }) => note)).toEqual(music.notes);
    // Notes arrive seconds before they are due; its clock is off by half of a round trip at the most, also on a busy machine.
    heard.forEach(({ at }, i) => {
      expect(at - t0 - music.notes[i]!.onsetMs).toBeGreaterThan(-1_000);
    });
  } finally {
    await station.close();
    await rm(dataDir, { recursive: true, force: true, maxRetries: 5 });
  }
});

test('it is a listener of about thirty lines, and imports of ours the wire alone', async () => {
  const text = await readFile(LISTENER, 'utf8');
  const code = text.split('\n').filter((line) => line.trim() && !/^\s*\/[/*]/.test(line));
  expect(code.length).toBeLessThanOrEqual(38);
  expect([...text.matchAll(/from '(\.[^']+)'/g)].map(([, path]) => path)).toEqual(['../src/wire.ts']);
});
