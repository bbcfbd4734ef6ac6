/** A disk that is full or not ours, a port that is taken, files that were left half written, and locks from another time. */
import { fork } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { listenOn } from '../../src/adapters/net/listen-on.ts';
import { BIN, type Ended, pianola } from '../support/cli.ts';
import { withStores } from '../support/data.ts';
import { inProcess, lines } from '../support/in-process.ts';
import { scale, stored } from '../support/music.ts';
import { stationProcess } from '../support/station-process.ts';
import { until } from '../support/until.ts';
import { aWindow } from '../support/windows.ts';

let directory: string;
const at = (...names: string[]) => join(directory, ...names);
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'pianola-disk-'));
  // Another user is to find it.
  await chmod(directory, 0o755);
});
afterAll(() => rm(directory, { recursive: true, force: true }));

/** Data with a window, a day and a prompt; all of it as text, to be compared. */
async function someData(name: string): Promise<{ data: string; read(): Promise<string> }> {
  const data = at(name);
  const midi = stored('x', scale(5_000)).midi;
  await mkdir(data);
  await writeFile(join(data, 'small.mid'), midi);
  await withStores(data, async (all) => {
    await all.windows.put(aWindow({ id: 'evening' }), 0);
    await all.performances.create(stored('2026-11-21', scale(5_000)));
  });
  const put = await inProcess([
    'prompts',
    'put',
    join(data, 'small.mid'),
    '--date',
    '2099-12-24',
    '--data',
    data,
  ]);
  expect(put.code).toBe(0);
  const read = () =>
    withStores(data, async (all) =>
      JSON.stringify([
        await all.windows.list(),
        (await all.performances.get('2026-11-21'))?.record,
        await all.prompts.list(),
        (await all.prompts.get('2099-12-24'))?.record,
      ]),
    );
  return { data, read };
}

describe('what is written', () => {
  test('case 71: where a file finds no room every command says which, exits with 4, and what was there is there still', async () => {
    const { data, read } = await someData('full');
    const before = await read();
    const big = join(data, 'big.mid');
    await writeFile(big, stored('x', scale(3_000_000, 250)).midi);
    /** No file may grow beyond so many half kilobytes, as on a disk that is full; a shell counts in those or in whole ones. */
    const within = async (blocks: number, ...args: string[]): Promise<Ended> => {
      const limited = at(`limited ${blocks}.mjs`);
      const command = JSON.stringify(`ulimit -f ${blocks}; exec "$0" "$@"`);
      const { execPath } = process;
      await writeFile(
        limited,
        `import { spawnSync } from 'node:child_process';
         const { status } = spawnSync('sh', ['-c', ${command}, ${JSON.stringify(execPath)}, ${JSON.stringify(BIN)}, ...process.argv.slice(2)], { stdio: 'inherit' });
         process.exit(status);`,
      );
      return pianola(args, { bin: limited });
    };
    const put = ['prompts', 'put', big, '--date', '2099-12-25', '--data', data];
    const add = ['schedule', 'add', '--at', '09:00', '--tz', 'UTC', '--data', data];
    for (const [blocks, args, file] of [
      // Too little for a database's index, then enough for it, and too little for the music.
      [16, add, /pianola\.db/],
      // Where the index is left from another process it needs no room, and the music is the first that finds none.
      [16, put, /pianola\.db|\.mid/],
      [80, put, /\.mid/],
    ] as const) {
      const { code, stderr } = await within(blocks, ...args);
      expect({ blocks, code, lines: lines(stderr).length }).toEqual({ blocks, code: 4, lines: 1 });
      // SQLite calls a limit that cuts a write short a full disk, and one that lets nothing through a fault of the disk.
      const [full, fault] = [
        /no space left on the disk for \S+: make room/,
        /the disk does not take \S+ \S+ \S+: look at .*\(ulimit -f\)/,
      ];
      const told = [full.test(stderr), blocks === 16 && fault.test(stderr)];
      expect({ stderr, told: told.filter(Boolean) }).toEqual({ stderr, told: [true] });
      expect(stderr).toMatch(/^pianola: .*; it was not written$/m);
      expect(stderr).toMatch(file);
    }
    expect(await read()).toBe(before);
    expect(await readdir(join(data, 'prompts'))).toHaveLength(1);
  });

  test('case 71: who may not write is told which file, exit 4, and nothing has changed', async () => {
    const { data, read } = await someData('ours');
    const before = await read();
    for (const args of [
      ['schedule', 'add', '--at', '09:00', '--tz', 'UTC', '--data', data],
      ['prompts', 'put', join(data, 'small.mid'), '--date', '2099-12-25', '--data', data],
      ['compose', '--out', join(data, 'a.mid')],
    ]) {
      const { code, stderr } = await pianola(args, { asNobody: true });
      expect({ args, code, lines: lines(stderr).length }).toEqual({ args, code: 4, lines: 1 });
      expect(stderr).toContain(data);
    }
    expect(await read()).toBe(before);
  });

  test('case 71: a port in use is told with what to do: exit 5', async () => {
    const server = createServer();
    const port = await listenOn(server, 0, '127.0.0.1');
    const { data } = await someData('port');
    const { code, stderr } = await pianola(['start', '--no-first', '--port', String(port), '--data', data]);
    expect({ code, stderr }).toEqual({
      code: 5,
      stderr: `pianola: port ${port} is in use: stop what uses it, or take another with --port\n`,
    });
    server.close();
  });

  test('case 71: what a killed writer left half written is nobody’s music, is not served, and is swept away when it is old', async () => {
    const half = (n: number) => `.11111111-2222-4333-8444-55555555555${n}.tmp`;
    const station = await stationProcess({
      async prepare(data) {
        await withStores(data, (all) => all.performances.create(stored('2026-11-21', scale(5_000))));
        for (const folder of ['performances', 'site']) {
          await mkdir(join(data, folder), { recursive: true });
          for (const n of [0, 1]) await writeFile(join(data, folder, half(n)), 'half');
          await utimes(join(data, folder, half(0)), 0, 0);
        }
        for (const folder of ['daily-old', 'daily-new'])
          await mkdir(join(data, 'site', 'live', folder), { recursive: true });
        await utimes(join(data, 'site', 'live', 'daily-old'), 0, 0);
      },
    });
    const left = () =>
      readdirSync(station.data, { recursive: true, encoding: 'utf8' }).filter((name) =>
        name.includes('.11111111-'),
      );
    // A writer of another process may be at work on the newer ones.
    const newer = [join('performances', half(1)), join('site', half(1))];
    expect(
      (
        await until(
          () => left(),
          (names) => names.length === 2,
        )
      ).sort(),
    ).toEqual(newer);
    expect((await fetch(`${station.url}/${half(1)}`)).status).toBe(404);
    // Music of an old broadcast that pages fetched.
    expect(readdirSync(join(station.data, 'site', 'live'))).toEqual(['daily-new']);
    expect(await withStores(station.data, (all) => all.performances.list())).toEqual(['2026-11-21']);
    await station.end();
  });
});

describe('locks', () => {
  const HOLDER = resolve(import.meta.dirname, '../adapters/database/holder.mjs');
  const holder = (file: string) => {
    const child = fork(HOLDER, [file], { execArgv: ['--import', 'tsx'] });
    const said = new Promise<unknown>((heard) => child.once('message', heard));
    const gone = new Promise((exit) => child.once('exit', exit));
    const end = () => {
      child.kill('SIGKILL');
      return gone;
    };
    return { said, end };
  };

  test('case 92: a lock from the future, or from 1970, is nobody’s: of six who want it one has it, and the next when that one is killed', async () => {
    for (const [name, year] of [
      ['future', 2099],
      ['past', 1970],
    ] as const) {
      const file = at(`${name}.lock`);
      // What the station of that time left behind, and the lock of an earlier version beside it.
      for (const path of [file, at('.lock')]) {
        await writeFile(path, '');
        const stamp = Date.UTC(year, 0, 2) / 1000;
        await utimes(path, stamp, stamp);
      }
      const six = Array.from({ length: 6 }, () => holder(file));
      const said = await Promise.all(six.map((one) => one.said));
      expect(said.filter((what) => what === 'held')).toHaveLength(1);
      await six[said.indexOf('held')]!.end();
      const next = holder(file);
      expect(await next.said).toBe('held');
      for (const each of [...six, next]) await each.end();
      expect(await readFile(file, 'utf8')).toBe('');
    }
  });
});
