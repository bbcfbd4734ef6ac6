/** The control port, the file that leads to it, and a station whose terminal is gone. */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { type ControlFile, readControlFile, serveControl } from '../../src/adapters/net/control.ts';
import { BIN, pianola } from '../support/cli.ts';
import { closed, dial, raw, request, statusOf } from '../support/raw.ts';
import { stationProcess } from '../support/station-process.ts';
import { until } from '../support/until.ts';

jest.setTimeout(120_000);

let data: string;
beforeEach(async () => {
  data = await mkdtemp(join(tmpdir(), 'pianola-attacked-'));
});
afterEach(() => rm(data, { recursive: true, force: true, maxRetries: 3 }));

test('case 80: on the control port a silent socket, half a header, and a body that drips are closed after ten seconds, and a little', async () => {
  const control = await serveControl(data, 'http://localhost:1', { echo: async (input) => input });
  const { port, token } = (await readControlFile(data))!;
  const authorized = `Host: x\r\nAuthorization: Bearer ${token}`;
  const outcomes = [
    ['', ''],
    ['POST /echo HTTP/1.1\r\nX-Drip: ', 'x'],
    [`POST /echo HTTP/1.1\r\n${authorized}\r\nContent-Length: 1000\r\n\r\n`, ' '],
  ].map(async ([text, drop]) => {
    const socket = await dial(port);
    socket.resume();
    socket.write(text!);
    const drip = setInterval(() => socket.write(drop!), 500);
    const enough = new AbortController();
    const patience = sleep(20_000, 'open', { signal: enough.signal }).catch(() => 'never');
    const outcome = await Promise.race([closed(socket).then(() => 'closed'), patience]);
    enough.abort();
    clearInterval(drip);
    socket.destroy();
    return outcome;
  });
  expect(await Promise.all(outcomes)).toEqual(['closed', 'closed', 'closed']);
  await control.close();
});

test('case 98: a data directory of another user is not allowed, and not "does not run"', async () => {
  await writeFile(join(data, 'control.json'), '{}');
  await chmod(data, 0);
  const commands = [['status'], ['broadcast', 'status'], ['schedule', 'list']];
  const all = commands.map((command) => pianola([...command, '--data', data], { asNobody: true }));
  for (const { code, stdout, stderr } of await Promise.all(all)) {
    expect([code, stdout]).toEqual([4, '']);
    expect(stderr).toMatch(/cannot be written or read: check its permissions/);
  }
  await chmod(data, 0o700);
});

test('case 98: a control.json that cannot be read is not allowed, and doctor says so among the rest', async () => {
  await chmod(data, 0o755);
  await writeFile(join(data, 'control.json'), '{"schema":1}');
  await chmod(join(data, 'control.json'), 0);
  const commands = [['status'], ['broadcast', 'stop', '--yes'], ['doctor', '--ntp', 'none', '--json']];
  const all = commands.map((command) => pianola([...command, '--data', data], { asNobody: true }));
  const [status, stop, doctor] = await Promise.all(all);
  for (const ended of [status, stop]) {
    expect(ended?.code).toBe(4);
    expect(ended?.stderr).toContain(join(data, 'control.json'));
  }
  const { stdout } = doctor!;
  expect(stdout).toMatch(/"check":"station","state":"failed","detail":"EACCES[^"]*control\.json/);
  expect(stdout).toMatch(/"check":"clock"/);
});

const isThere = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

const controlOf = (data: string): ControlFile | null => {
  try {
    return JSON.parse(readFileSync(join(data, 'control.json'), 'utf8'));
  } catch {
    return null;
  }
};

test.each([
  ['a reader that has seen the first line', '"$@" 2>&1 | head -1'],
  ['a reader that never read', '"$@" 2>&1 | true'],
  ['a full disk', 'exec "$@" --json >/dev/full 2>&1'],
  ['closed streams', 'exec "$@" >&- 2>&-'],
])(
  'case 101: a station whose output goes to %s lives on, serves, and obeys SIGTERM',
  async (_what, words) => {
    const start = [process.execPath, BIN, 'start', '--no-first', '--port', '0', '--data', data];
    const child = spawn('sh', ['-c', words, 'sh', ...start], {
      env: { ...process.env, NODE_OPTIONS: '' },
      stdio: 'ignore',
    });
    const file = await until(
      () => controlOf(data),
      (found) => found !== null,
      60_000,
    );
    const { pid, url } = file!;
    // It goes on to say when it plays next.
    await sleep(500);
    const port = Number(new URL(url).port);
    expect(statusOf(await raw(port, request(port, '/')))).toBe(200);
    process.kill(pid, 'SIGTERM');
    expect(
      await until(
        () => isThere(pid),
        (there) => !there,
      ),
    ).toBe(false);
    child.kill();
    // It ended as it should, not of its last words.
    expect(controlOf(data)).toBeNull();
  },
);

test('case 101: a station whose terminal is gone lives on, and serves', async () => {
  const station = await stationProcess();
  for (const stream of [station.child.stdout, station.child.stderr]) stream?.destroy();
  station.child.kill('SIGHUP');
  await sleep(500);
  expect(station.alive()).toBe(true);
  expect(statusOf(await raw(station.port, request(station.port, '/')))).toBe(200);
  station.child.kill('SIGTERM');
  expect(await station.ended).toBe(0);
  await station.end();
});
