/** What one request can do to a station that everybody runs: nothing, but to itself. */
import { existsSync } from 'node:fs';
import { chmod, symlink, truncate, unlink, writeFile } from 'node:fs/promises';
import type { Socket } from 'node:net';
import { join, resolve } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { dial, raw, request, statusOf, upgrade } from '../support/raw.ts';
import { type StationProcess, stationProcess } from '../support/station-process.ts';
import { until } from '../support/until.ts';

let station: StationProcess;
let port: number;
const site = (name: string) => join(station.data, 'site', name);
beforeAll(async () => {
  station = await stationProcess();
  port = station.port;
  await writeFile(site('ten.txt'), '0123456789');
  // A new station lays out its archive while it serves already.
  await until(() => existsSync(site('archive/index.html')), Boolean);
});
afterAll(() => station.end());
/** Whatever was done, it lives and serves. */
afterEach(async () => {
  expect(station.alive()).toBe(true);
  expect(statusOf(await raw(port, request(port, '/')))).toBe(200);
});

test.each([
  ...[
    '//',
    '//[',
    '//ws',
    '//evil.example/ws',
    'http://[',
    'http://evil.example/ws',
    'ws://localhost/ws',
    '*',
  ],
  ...['/%', '/%ff', '/ws%00', '/x/../ws', '/%2e%2e/ws', '/\\ws', 'ws', '/%5c..%5cws'],
])('case 73: an upgrade, or a request, for %j is answered with 400', async (target) => {
  expect(statusOf(await raw(port, upgrade(port, target)))).toBe(400);
  expect(statusOf(await raw(port, request(port, target)))).toBe(400);
});

test('case 73: a refused upgrade is refused before its Origin is looked at, and another path is not found', async () => {
  expect(statusOf(await raw(port, upgrade(port, '//', { Origin: 'null' })))).toBe(400);
  expect(statusOf(await raw(port, upgrade(port, '/other')))).toBe(404);
});

test.each([
  ['bytes=5-2', 200, '0123456789'],
  ['bytes=2-5', 206, '2345'],
  ['bytes=7-', 206, '789'],
  ['bytes=7-999', 206, '789'],
  ['bytes=-5', 206, '56789'],
  ['bytes=-999', 206, '0123456789'],
  ['bytes=-0', 416, ''],
  ['bytes=10-', 416, ''],
  ['bytes=99999999999999999999-', 200, '0123456789'],
  ['bytes=-', 200, '0123456789'],
  ['bytes=1-2,4-5', 200, '0123456789'],
  ['lines=1-2', 200, '0123456789'],
  ['bytes=a-b', 200, '0123456789'],
  ['bytes=1.5-3', 200, '0123456789'],
])('case 74: Range %s is answered with %i and the right bytes', async (range, status, body) => {
  const answer = await raw(port, request(port, '/ten.txt', { Range: range }));
  expect([statusOf(answer), answer.split('\r\n\r\n')[1]]).toEqual([status, body]);
});

test('case 74: Range on an empty file, and on HEAD, is no exception', async () => {
  await writeFile(site('empty.txt'), '');
  expect(statusOf(await raw(port, request(port, '/empty.txt', { Range: 'bytes=0-0' })))).toBe(416);
  expect(statusOf(await raw(port, request(port, '/empty.txt')))).toBe(200);
  expect(statusOf(await raw(port, request(port, '/ten.txt', { Range: 'bytes=5-2' }, 'HEAD')))).toBe(200);
});

test('case 75: a file that cannot be read, leads out, or is none, fails its own request alone', async () => {
  await writeFile(site('closed.txt'), 'closed');
  await chmod(site('closed.txt'), 0);
  await symlink('/etc/passwd', site('out.txt'));
  await symlink('nowhere', site('gone.txt'));
  await symlink('loop.txt', site('loop.txt'));
  // Nothing is closed to root.
  const closedTo = process.getuid?.() === 0 ? 200 : 500;
  for (const [name, status] of [
    ['/closed.txt', closedTo],
    ['/out.txt', 404],
    ['/gone.txt', 404],
    ['/loop.txt', 404],
    ['/archive/', 200],
    [`/${'a'.repeat(3000)}`, 404],
    ['/ten.txt/', 404],
    ['/.hidden', 404],
  ] as const) {
    expect([name, statusOf(await raw(port, request(port, name)))]).toEqual([name, status]);
  }
  await unlink(site('out.txt'));
});

/** All that the station may have open: more than Node opens at once when it starts. */
const LIMIT = 512;

test('case 75: with no descriptor left a file is answered with 500, and with 200 as soon as there is one', async () => {
  const preload = resolve(import.meta.dirname, '../support/few-descriptors.cjs');
  const few = await stationProcess({
    words: `ulimit -n ${LIMIT}; exec "$@"`,
    env: { NODE_OPTIONS: `--require ${JSON.stringify(preload)}`, LEFT_DESCRIPTORS: '40' },
  });
  try {
    few.child.kill('SIGUSR2');
    await until(few.said, (said) => said.includes('Few descriptors are left'));
    await writeFile(join(few.data, 'site', 'ten.txt'), '0123456789');
    await writeFile(join(few.data, 'site', 'large.txt'), '');
    await truncate(join(few.data, 'site', 'large.txt'), 2 ** 28);
    // The first ones take nearly all that there are; those after them are closed at once.
    const held: Socket[] = [];
    for (let i = 0; i < 90; i++) held.push(await dial(few.port));
    // Whoever is given a large file and does not read on keeps a descriptor more, until there is none.
    const ask = request(few.port, '/large.txt', { Connection: 'keep-alive' });
    const answers: (number | null)[] = [];
    for (const socket of held.slice(0, 30)) {
      if (answers.includes(500)) break;
      answers.push(await firstStatus(socket, ask));
    }
    expect(answers.at(-1)).toBe(500);
    expect(new Set(answers.slice(0, -1).filter((status) => status !== 200))).toEqual(new Set());
    for (const socket of held) socket.destroy();
    await until(few.descriptors, (n) => (n ?? 0) < LIMIT - 20);
    expect(statusOf(await raw(few.port, request(few.port, '/ten.txt')))).toBe(200);
    expect(few.alive()).toBe(true);
  } finally {
    await few.end();
  }
});

/** What the first line of the answer says; the rest is not read. Null where the connection is closed instead. */
const firstStatus = (socket: Socket, ask: string): Promise<number | null> =>
  new Promise((resolve) => {
    socket.once('close', () => resolve(null));
    socket.once('data', (data) => {
      socket.pause();
      resolve(statusOf(String(data)));
    });
    socket.write(ask);
  });
