/** Cases of the command line: questions that are nobody's, files in the way, other users, terminals that go away. */
import { spawn } from 'node:child_process';
import { openSync } from 'node:fs';
import { chmod, cp, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { createFile, replaceFile } from '../../src/adapters/disk/atomic-file.ts';
import { BIN, pianola } from '../support/cli.ts';
import { inProcess, lines } from '../support/in-process.ts';
import { scale, stored } from '../support/music.ts';
import { quietData, started } from '../support/started.ts';
import { timedStation } from '../support/timed-station.ts';
import { aWindow } from '../support/windows.ts';

// A busy machine is no failure.
jest.setTimeout(300_000);

const ROOT = resolve(import.meta.dirname, '../..');
let directory: string;
const at = (...names: string[]) => join(directory, ...names);
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'pianola-attacks-'));
  // Another user is to find it.
  await chmod(directory, 0o755);
});
afterAll(() => rm(directory, { recursive: true, force: true }));

describe('a start that fails', () => {
  test('case 89: schedule.json is a directory: the path is named, the port is let go, exit 4', async () => {
    await mkdir(at('hang', 'site', 'schedule.json'), { recursive: true });
    const { code, stderr } = await pianola(['start', '--port', '0', '--data', at('hang')]);
    expect({ code, lines: lines(stderr).length }).toEqual({ code: 4, lines: 1 });
    expect(stderr).toContain(at('hang', 'site', 'schedule.json'));
  });

  test('case 89: control.json is a directory: after listening it ends all the same, exit 4', async () => {
    await mkdir(at('control', 'control.json'), { recursive: true });
    const { code, stderr } = await pianola(['start', '--port', '0', '--data', at('control')]);
    expect({ code, stderr }).toMatchObject({ code: 4, stderr: expect.stringContaining('control.json') });
  });

  test('case 89: TZ="" and PORT=abc: told by name, exit 2, and nothing is made', async () => {
    const empty = await pianola(['start', '--data', at('none')], { env: { TZ: '' } });
    expect(empty).toMatchObject({ code: 2, stderr: expect.stringContaining('TZ is set and empty') });
    const port = await pianola(['start', '--data', at('none')], { env: { PORT: 'abc' } });
    expect(port).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('PORT in the environment is "abc"'),
    });
    await expect(stat(at('none'))).rejects.toThrow('ENOENT');
  });

  test('case 89: the first SIGTERM ends it, also while it starts', async () => {
    const quiet = await quietData();
    const station = started(quiet.path, { stdio: ['ignore', 'ignore', 'pipe'] });
    // The first that it prints is that it listens.
    await new Promise((listening) => station.child.stderr?.once('data', listening));
    station.child.kill('SIGTERM');
    expect(await station.ended).toBe(0);
    await quiet.remove();
  });
});

describe('a disk that is full', () => {
  test('case 90: what cannot be published was heard all the same; the station lives, and doctor tells', async () => {
    const two = ['2026-11-21T20:00', '2026-11-22T00:00'].map((at, i) =>
      aWindow({ id: `night-${i}`, rule: { kind: 'once', at }, timeZone: 'UTC' }),
    );
    const open = await timedStation('2026-11-21T19:54:00Z', two);
    // Where the days' pages belong there are files: no byte can be written below them.
    const days = ['2026-11-21', '2026-11-22'].map((date) => join(open.dataDir, 'site', date));
    for (const day of days) await writeFile(day, '');
    await open.time.pass(12 * 60_000);
    const ended = () =>
      open.events.filter(({ event, outcome }) => event === 'broadcast.over' && outcome === 'ended').length;
    expect(ended()).toBe(1);
    expect(open.told('publish.failed')).toMatchObject({ performance: '2026-11-21' });
    // One fault is told as one.
    expect(open.told('broadcast.failed')).toBeNull();
    const problems = async () => (await open.station.health()).problems;
    expect(await problems()).toEqual([expect.stringMatching(/^publish\.failed: /)]);
    const doctor = await inProcess(['doctor', '--ntp', 'none', '--port', '0', '--data', open.dataDir]);
    expect(doctor.stdout).toMatch(/warning +published +2026-11-21 was played and is not public/);
    // As soon as there is room, it is made public: by the next try, and without a word from anybody.
    for (const day of days) await rm(day);
    await open.time.pass(11 * 60_000);
    const index = JSON.parse(await readFile(join(open.dataDir, 'site', 'index.json'), 'utf8'));
    expect(index.performances.map(({ id }: { id: string }) => id)).toEqual(['2026-11-21']);
    expect(await problems()).toEqual([]);
    // The next is played as ever.
    open.time.sleep(3.5 * 3_600_000);
    await open.time.pass(23 * 60_000);
    expect(ended()).toBe(2);
    await open.close();
  });

  test('case 90: a message of the system’s names the file that was meant, not a temporary one', async () => {
    await mkdir(at('plain', 'a.mid'), { recursive: true });
    const error = await replaceFile(at('plain', 'a.mid'), 'x').catch((cause: unknown) => cause);
    expect(error).toMatchObject({ code: 'EISDIR', path: at('plain', 'a.mid') });
    expect(await readdir(at('plain'))).toEqual(['a.mid']);
  });
});

describe('questions that are nobody’s', () => {
  test('case 95: an answer through a pipe, or none, does nothing: exit 4; only --yes does it', async () => {
    const data = at('asked');
    const { stdout } = await inProcess([
      'schedule',
      'add',
      '--at',
      '09:00',
      '--tz',
      'UTC',
      '--data',
      data,
      '--json',
    ]);
    const { id } = JSON.parse(stdout);
    const cancel = (input: string, ...more: string[]) =>
      pianola(['schedule', 'cancel', id, '--data', data, ...more], { input });
    for (const ended of [
      await cancel('n\n'),
      await cancel('y\n'),
      await cancel(''),
      await cancel('', '--json'),
    ]) {
      expect(ended).toMatchObject({ code: 4, stderr: expect.stringContaining('give --yes') });
    }
    expect((await inProcess(['schedule', 'show', id, '--data', data])).code).toBe(0);
    expect((await cancel('', '--yes')).code).toBe(0);
    expect((await inProcess(['schedule', 'show', id, '--data', data])).code).toBe(3);
  });
});

describe('files', () => {
  test('case 96: where there are no hard links a file is created once all the same', async () => {
    const path = at('linkless.json');
    const noLinks = async () => {
      throw Object.assign(new Error('Operation not permitted'), { code: 'EPERM' });
    };
    const outcomes = await Promise.all(['a', 'b', 'c', 'd'].map((body) => createFile(path, body, noLinks)));
    expect(outcomes.filter((outcome) => outcome === 'created')).toHaveLength(1);
    expect('abcd'[outcomes.indexOf('created')]).toBe(await readFile(path, 'utf8'));
    expect(await createFile(path, 'e', noLinks)).toBe('exists');
    expect((await readdir(directory)).filter((name) => name.startsWith('.'))).toEqual([]);
  });

  test('case 96: a name of 220 bytes is written; one that is too long is refused before composing', async () => {
    const long = at(`${'n'.repeat(216)}.mid`);
    expect(await createFile(long, 'x')).toBe('created');
    await replaceFile(long, 'y');
    expect(await readFile(long, 'utf8')).toBe('y');
    const out = at(`${'n'.repeat(300)}.mid`);
    // A model that is none would be found first thing in composing.
    const { code, stderr } = await inProcess(['compose', '--out', out, '--model', at('no-model')]);
    expect({ code, stderr }).toMatchObject({
      code: 4,
      stderr: expect.stringContaining('its name is too long'),
    });
  });
});

describe('where the program is called', () => {
  test('case 99: a tsconfig.json with paths redirects none of our imports, nor those of our threads', async () => {
    const evil = at('evil');
    await mkdir(evil);
    const paths = { commander: ['./evil.ts'], valibot: ['./evil.ts'], 'onnxruntime-node': ['./evil.ts'] };
    await writeFile(
      join(evil, 'tsconfig.json'),
      JSON.stringify({ compilerOptions: { baseUrl: '.', paths } }),
    );
    await writeFile(join(evil, 'evil.ts'), 'throw new Error("redirected");');
    const args = ['compose', '--minutes', '0.5', '--candidates', '1', '--out', 'a.mid'];
    const { code, stderr } = await pianola(args, { cwd: evil });
    expect({ code, stderr }).toMatchObject({ code: 0, stderr: expect.not.stringContaining('redirected') });
  });
});

/** The program as it would be where a package is broken: its own files, and links to every package but that one. */
async function copyWithout(
  breaking: string,
  wreck: (packageDirectory: string) => Promise<void>,
): Promise<string> {
  const copy = await mkdtemp(at('copy-'));
  for (const name of ['bin', 'src', 'package.json', 'tsconfig.json'])
    await cp(join(ROOT, name), join(copy, name), { recursive: true });
  await symlink(join(ROOT, 'model'), join(copy, 'model'));
  await symlink(join(ROOT, 'web'), join(copy, 'web'));
  await mkdir(join(copy, 'node_modules'));
  for (const name of await readdir(join(ROOT, 'node_modules'))) {
    if (name !== breaking) await symlink(join(ROOT, 'node_modules', name), join(copy, 'node_modules', name));
  }
  const to = join(copy, 'node_modules', breaking);
  const from = join(ROOT, 'node_modules', breaking);
  const library = /\.(node|so|dll|dylib)/;
  await cp(from, to, { recursive: true, dereference: true, filter: (path) => !library.test(path) });
  await wreck(to);
  return join(copy, 'bin', 'pianola.js');
}

describe('a native library that is missing, or for another system', () => {
  const wrecks: readonly (readonly [string, (runtime: string) => Promise<void>])[] = [
    ['missing', async () => {}],
    [
      // What a library for another libc or processor looks like to the loader.
      'not for this machine',
      async (runtime) => {
        const place = join(runtime, 'bin', 'napi-v6', process.platform, process.arch);
        await mkdir(place, { recursive: true });
        await writeFile(join(place, 'onnxruntime_binding.node'), '\x7fELF of another kind');
      },
    ],
  ];
  test('case 97: every command that composes says so in one line, exit 1; doctor is whole', async () => {
    for (const [breakage, wreck] of wrecks) {
      const bin = await copyWithout('onnxruntime-node', wreck);
      const data = await mkdtemp(at('data-'));
      const midi = join(data, 'a.mid');
      await writeFile(midi, stored('2026-11-21', scale(5_000)).midi);
      for (const command of [`compose --out ${data}/b.mid`, `continue ${midi}`, 'models push model']) {
        const ended = await pianola([...command.split(' '), '--data', data], { bin, cwd: ROOT });
        expect({
          command,
          code: ended.code,
          stdout: ended.stdout,
          lines: lines(ended.stderr).length,
        }).toEqual({
          command,
          code: 1,
          stdout: '',
          lines: 1,
        });
        expect(ended.stderr).toMatch(
          /^pianola: .*npm ci again, on a system with glibc 2\.28 or newer \(not musl\)/,
        );
      }
      const others = ['schedule list', 'status', 'logs', `inspect ${midi} --no-picture`];
      for (const command of breakage === 'missing' ? others : [])
        expect((await pianola([...command.split(' '), '--data', data], { bin })).code).toBeLessThan(4);
      const doctor = await pianola(['doctor', '--ntp', 'none', '--port', '0', '--data', data], { bin });
      expect(doctor.code).toBe(1);
      expect(doctor.stdout).toMatch(/failed +model +.*glibc/);
      expect(lines(doctor.stdout).at(-1)).toMatch(/^ok +clock/);
    }
  });

  test('case 97: where what runs our sources is itself missing, that is one line too', async () => {
    const bin = await copyWithout('tsx', (directory) => rm(directory, { recursive: true }));
    const { code, stdout, stderr } = await pianola(['--version'], { bin });
    expect({ code, stdout, lines: lines(stderr).length }).toEqual({ code: 1, stdout: '', lines: 1 });
    expect(stderr).toMatch(/^pianola: it is not whole .*: run npm ci --ignore-scripts in /);
  });
});

describe('a terminal that goes away', () => {
  test('case 101: what another command prints onto a full disk is told in one line: exit 4', async () => {
    const child = spawn(process.execPath, [BIN, 'completion', 'bash'], {
      stdio: ['ignore', openSync('/dev/full', 'w'), 'pipe'],
      env: { ...process.env, NODE_OPTIONS: '' },
    });
    let said = '';
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
    expect(await new Promise((resolve) => child.on('close', resolve))).toBe(4);
    expect(said).toMatch(/^pianola: not everything could be printed: ENOSPC[^\n]*\n$/);
  });
});
