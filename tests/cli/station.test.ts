import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { localTimeZone } from '../../src/cli/terminal/time-zone.ts';
import { dateIn } from '../../src/schedule/index.ts';
import { BIN } from '../support/cli.ts';
import { withStores } from '../support/data.ts';
import { inProcess, jsonLines } from '../support/in-process.ts';
import { scale, stored } from '../support/music.ts';
import { aWindow } from '../support/windows.ts';

const EARLIER = '2020-01-01';
let data: string;
let child: ReturnType<typeof spawn>;
let ended: Promise<number | null>;
beforeAll(async () => {
  data = await mkdtemp(join(tmpdir(), 'pianola-station-'));
  // Far away, so that nothing comes by itself.
  const rule = { kind: 'once' as const, at: `${new Date().getFullYear() + 2}-06-01T20:00` };
  await withStores(data, async ({ performances, windows }) => {
    await performances.create(stored(EARLIER, scale(2000)));
    await performances.create(stored(dateIn(localTimeZone(), Date.now()), scale(60_000)));
    await windows.put(aWindow({ id: 'far-away', rule }), 0);
  });
  child = spawn(process.execPath, [BIN, 'start', '--port', '0', '--data', data], {
    stdio: 'ignore',
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  ended = new Promise((resolve) => child.on('close', resolve));
  for (let i = 0; i < 400 && !existsSync(join(data, 'control.json')); i++) await sleep(100);
});
afterAll(async () => {
  child.kill('SIGINT');
  await ended;
  await rm(data, { recursive: true, force: true });
});

const run = async (...args: string[]) => {
  const { code, stdout, stderr } = await inProcess([...args, '--data', data, '--json']);
  return { code, stderr, json: stdout ? JSON.parse(stdout) : null };
};
/** Looks until the broadcast is in that state. */
async function until(state: string) {
  for (let i = 0; i < 300; i++) {
    const { json } = await run('broadcast', 'status');
    if (json.broadcast?.state === state) return json;
    await sleep(100);
  }
  throw new Error(`never ${state}`);
}

describe('a local station that runs, steered from other processes', () => {
  test('with stored windows it plays nothing by itself, and says when it will', async () => {
    const { json } = await run('status');
    expect(json.running).toMatchObject({ pid: child.pid, broadcast: null, listeners: 0 });
    expect(json).toMatchObject({ windows: 1, next: { window: 'far-away' } });
    expect(json.running.problems).toEqual([]);
    expect((await run('status', '--check')).code).toBe(0);
  });

  test('broadcast now plays an earlier day to its end, and keeps a record that verifies', async () => {
    const now = await run('broadcast', 'now', '--performance', EARLIER, '--in', '0');
    expect(now).toMatchObject({ code: 0, json: { performance: EARLIER, durationMs: expect.any(Number) } });
    const over = await until('ended');
    expect(over.broadcast).toMatchObject({ id: now.json.broadcast, performance: EARLIER, encore: false });
    const verified = await run('replay', EARLIER, '--verify');
    expect(verified.json).toMatchObject({ verified: true, broadcast: now.json.broadcast });
    expect((await run('status')).json.last).toMatchObject({ id: now.json.broadcast, state: 'ended' });
  });

  test('broadcast extra plays the best of what was gone on from, which is no day of the archive', async () => {
    const from = join(data, 'arrived');
    const none = await run('broadcast', 'extra', '--from', from);
    expect([none.code, none.stderr]).toEqual([3, expect.stringContaining('nothing of the last 24 hours')]);
    expect((await run('broadcast', 'extra')).code).toBe(2);
    const { midi, record } = stored('2026-11-21', scale(4_000, 100));
    const folder = join(from, 'continuations', 'mine.mid');
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'continued.mid'), midi);
    const told = { ...record, name: 'mine.mid', continuedFromMs: 2_000, movement: 'Continuation in C major' };
    await writeFile(join(folder, 'record.json'), JSON.stringify({ ...told, minutes: 1, candidates: 8 }));
    const dry = await run('broadcast', 'extra', '--from', from, '--dry-run');
    expect(dry.json).toMatchObject({ name: 'mine.mid', written: false });
    const performance = `${dateIn(localTimeZone(), Date.now())}-extra`;
    const now = await run('broadcast', 'extra', '--from', from, '--in', '0');
    expect(now).toMatchObject({ code: 0, json: { name: 'mine.mid', performance, written: true } });
    const over = await until('ended');
    expect(over.broadcast).toMatchObject({ id: now.json.broadcast, performance, encore: false });
    await withStores(data, async ({ performances }) => {
      expect(await performances.list()).not.toContain(performance);
    });
  });

  test('a second one meanwhile is refused (5); stop is immediate, and there is then nothing to stop (3)', async () => {
    const { json } = await run('broadcast', 'now', '--in', '0');
    await until('live');
    expect((await run('broadcast', 'now')).code).toBe(5);
    expect((await run('broadcast', 'stop', '--dry-run')).json).toEqual({
      broadcast: json.broadcast,
      stopped: false,
    });
    expect((await run('broadcast', 'stop', '--yes')).json).toEqual({
      broadcast: json.broadcast,
      stopped: true,
    });
    await until('stopped');
    expect((await run('broadcast', 'stop')).code).toBe(3);
  });

  test('a performance that is not there: 3', async () =>
    expect((await run('broadcast', 'now', '--performance', '2019-12-31')).code).toBe(3));

  test('a second station on the same data is refused: 5', async () => {
    const second = await run('start', '--port', '0');
    expect(second.code).toBe(5);
    expect(second.stderr).toContain('a station runs on');
  });

  test('logs tell it all, in order', async () => {
    const { stdout } = await inProcess(['logs', '-n', '1000', '--data', data, '--json']);
    const events = jsonLines(stdout).map(({ event }) => event);
    expect(events[0]).toBe('station.started');
    expect(events).toEqual(expect.arrayContaining(['broadcast.starts', 'broadcast.over']));
  });

  test('doctor finds it', async () => {
    const { stdout } = await inProcess(['doctor', '--ntp', 'none', '--data', data, '--json']);
    const station = jsonLines(stdout).find(({ check }) => check === 'station');
    expect(station).toMatchObject({
      state: 'ok',
      detail: expect.stringContaining('runs on http://localhost'),
    });
  });

  test('Ctrl-C ends it, and takes its control file away', async () => {
    child.kill('SIGINT');
    expect(await ended).toBe(0);
    expect(existsSync(join(data, 'control.json'))).toBe(false);
    expect(await readFile(join(data, 'log.jsonl'), 'utf8')).toContain('station.stopped');
    expect((await run('broadcast', 'status')).code).toBe(3);
    expect((await run('status', '--check')).code).toBe(3);
  });
});
