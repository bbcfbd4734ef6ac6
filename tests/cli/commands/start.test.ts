import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { BIN } from '../../support/cli.ts';

let data: string;
beforeAll(async () => {
  data = await mkdtemp(join(tmpdir(), 'pianola-start-'));
});
afterAll(() => rm(data, { recursive: true, force: true }));

/** `pianola start` with its output kept, and a wait for words in it. */
function start(): {
  child: ChildProcess;
  said: () => string;
  saying(words: RegExp): Promise<RegExpExecArray>;
  ended: Promise<number | null>;
} {
  const child = spawn(process.execPath, [BIN, 'start', '--port', '0', '--data', data, '--minutes', '0.5'], {
    env: { ...process.env, NODE_OPTIONS: '' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  let look = () => {};
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (more: string) => {
      text += more;
      look();
    });
  }
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  return {
    child,
    said: () => text,
    ended,
    saying: (words) =>
      new Promise((resolve, reject) => {
        look = () => {
          const match = words.exec(text);
          if (match) resolve(match);
        };
        look();
        ended.then(() => reject(new Error(`it ended without saying ${words}:\n${text}`)));
      }),
  };
}

const portIsFree = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
  });

test('it composes, serves, plays after 15 s; Ctrl-C in mid-broadcast ends it with 0 and frees the port; the next start goes on with it', async () => {
  const first = start();
  const port = Number((await first.saying(/http:\/\/localhost:(\d+)/))[1]);
  await first.saying(/Composing/);
  await first.saying(/Playing \S+ \(0:\d\d\) in 15 seconds/);
  const page = await fetch(`http://127.0.0.1:${port}/`);
  expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
  expect(page.headers.get('content-security-policy')).toMatch(/^default-src 'self';/);
  const index = await fetch(`http://127.0.0.1:${port}/index.json`);
  expect(await index.json()).toEqual({ schema: 1, performances: [] });
  await first.saying(/state live/);
  // A terminal's Ctrl-C through npm arrives twice.
  first.child.kill('SIGINT');
  first.child.kill('SIGINT');
  expect(await first.ended).toBe(0);
  expect(await portIsFree(port)).toBe(true);

  const second = start();
  // It goes on with what the first was playing, and does not begin anew.
  await second.saying(/broadcast\.leased .*epoch 2/);
  expect(second.said()).not.toMatch(/Composing|Playing/);
  // What has not been heard to its end is not public.
  expect(await readdir(join(data, 'site'))).toEqual([
    'archive',
    'calendar.ics',
    'feed.xml',
    'index.json',
    'next.ics',
    'schedule.json',
    'share.png',
    'shelf',
  ]);
  expect(await readFile(join(data, 'site', 'index.json'), 'utf8')).toBe('{"schema":1,"performances":[]}\n');
  second.child.kill('SIGTERM');
  expect(await second.ended).toBe(0);
});

test('Ctrl-C while it composes ends it with 0 and stores nothing', async () => {
  await rm(data, { recursive: true });
  const station = start();
  await station.saying(/Composing/);
  station.child.kill('SIGINT');
  expect(await station.ended).toBe(0);
  await expect(readFile(join(data, 'performances'))).rejects.toThrow('EISDIR');
  expect(station.said()).not.toMatch(/Playing/);
});
