/** The images of infra/container, built without a daemon, and the station's root file system run in namespaces; `npm run test:cloud` does it. */
import { type ChildProcess, execFile, execFileSync, spawn } from 'node:child_process';
import { hash } from 'node:crypto';
import { chmod, chown, cp, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { packageInto } from '../../bench/package.ts';
import { writeMidiFile } from '../../src/music/midi/write.ts';
import { fakeDynamo } from '../fakes/dynamodb.ts';
import { fakeS3 } from '../fakes/s3.ts';
import { fakeScheduler } from '../fakes/scheduler.ts';
import { startFunction } from '../lambda/function.ts';
import { readZip } from '../lambda/unzip.ts';
import { freePort } from '../support/free-port.ts';
import { healthCheck } from '../support/health-check.ts';
import { scale } from '../support/music.ts';
import { STAGE_VARIABLES, twelveHoursAway } from '../support/stage-variables.ts';

/** A Debian with Node, kept from one run to the next; set by `npm run test:cloud` where it can be made. */
const BASE = process.env.PIANOLA_CONTAINER_BASE ?? '';
const withBuildah = BASE === '' ? test.skip : test;

let scratch: string;
/** The process outside of the namespace; it takes all inside with it. */
let outer: ChildProcess | null = null;
let root: string;
let lambdaRoot: string;
const ENVIRONMENT = { ...process.env, STORAGE_DRIVER: 'vfs', BUILDAH_ISOLATION: 'chroot' };
const buildah = async (...args: string[]): Promise<string> => {
  const store = ['--root', join(scratch, 'store'), '--runroot', join(scratch, 'run')];
  const options = { env: ENVIRONMENT, maxBuffer: 64e6 };
  return (await promisify(execFile)('buildah', [...store, ...args], options)).stdout.trim();
};
/** Where an image's files lie. */
const mounted = async (image: string): Promise<string> => buildah('mount', await buildah('from', image));

/** Node as it is here, with what it is linked against. */
async function baseImage(name: string): Promise<void> {
  const container = await buildah('from', 'scratch');
  const into = await buildah('mount', container);
  execFileSync('cp', ['-a', `${BASE}/.`, into]);
  await cp(process.execPath, join(into, 'usr/bin/node'));
  const libraries = execFileSync('ldd', [process.execPath], { encoding: 'utf8' }).matchAll(/=> (\/\S+)/g);
  for (const [, library] of libraries)
    await cp(library!, join(into, library!), { dereference: true, force: false });
  const npm = execFileSync('readlink', ['-f', execFileSync('which', ['npm'], { encoding: 'utf8' }).trim()]);
  const folder = dirname(dirname(npm.toString().trim()));
  await cp(folder, join(into, 'usr/lib/npm'), { recursive: true });
  const starter = join(into, 'usr/bin/npm');
  await writeFile(starter, '#!/bin/sh\nexec node /usr/lib/npm/bin/npm-cli.js "$@"\n');
  await chmod(starter, 0o755);
  const authorities = process.env.NODE_EXTRA_CA_CERTS;
  if (authorities) {
    await cp(authorities, join(into, 'etc/authorities.pem'), { dereference: true });
    await buildah('config', '--env', 'NODE_EXTRA_CA_CERTS=/etc/authorities.pem', container);
  }
  await buildah('commit', '--quiet', container, name);
}

beforeAll(async () => {
  if (BASE === '') return;
  scratch = await mkdtemp(join(tmpdir(), 'pianola-container-'));
  const file = ['--format', 'docker', '--file', 'infra/container/Dockerfile'];
  await baseImage('localhost/node:base');
  await buildah('build', ...file, '--target', 'model', '--tag', 'localhost/model', '.');
  await buildah(
    ...['build', ...file, '--build-arg', 'NODE_IMAGE=localhost/node:base', '--tag', 'localhost/pianola', '.'],
  );
  root = await mounted('localhost/pianola');
  // The weights from the image of weights; AWS's own base cannot be had without a registry.
  const machine = process.arch === 'x64' ? 'amd64' : process.arch;
  await buildah(
    ...[
      'build',
      '--format',
      'docker',
      '--file',
      'infra/container/lambda.Dockerfile',
      '--platform',
      `linux/${machine}`,
    ],
    ...['--build-arg', 'NODE_IMAGE=localhost/node:base', '--build-arg', 'LAMBDA_IMAGE=localhost/node:base'],
    ...['--build-context', 'model=container-image://localhost/model', '--tag', 'localhost/lambda', '.'],
  );
  lambdaRoot = await mounted('localhost/lambda');
}, 900_000);
afterAll(async () => {
  if (BASE === '') return;
  outer?.kill('SIGKILL');
  await buildah('rm', '--all');
  await rm(scratch, { recursive: true, force: true });
});

withBuildah('the model is an image of its files and nothing else', async () => {
  const files = execFileSync('find', [await mounted('localhost/model'), '-type', 'f', '-printf', '%P\n'], {
    encoding: 'utf8',
  });
  expect(files.trim().split('\n').sort()).toEqual([
    'model/CARD.md',
    'model/intervals.bin',
    'model/model.json',
    'model/originality.json',
    'model/pianola.onnx',
  ]);
});

withBuildah('a station has what it runs on, and nothing that it does not', async () => {
  const has = (path: string) =>
    stat(join(root, 'opt/pianola', path)).then(
      () => true,
      () => false,
    );
  for (const path of ['src/cli/main.ts', 'web/index.html', 'model/pianola.onnx', 'node_modules/libsql'])
    expect({ path, has: await has(path) }).toEqual({ path, has: true });
  for (const path of [
    'tests',
    'bench',
    '.git',
    'node_modules/jest',
    'model/averaged',
    'model/plateau',
    'model/train.py',
  ])
    expect({ path, has: await has(path) }).toEqual({ path, has: false });
  const config = JSON.parse(await buildah('inspect', '--type', 'image', 'localhost/pianola')).Docker.config;
  expect(config).toMatchObject({ User: '1000:1000', StopSignal: 'SIGTERM', Volumes: { '/data': {} } });
  expect(config.Healthcheck.Test).toEqual(['CMD', ...(await healthCheck())]);
});

withBuildah(
  'as process 1, as its user, on a read-only root, it answers, composes, calls itself healthy, and ends at SIGTERM',
  async () => {
    const data = join(scratch, 'data');
    await mkdir(data);
    await chown(data, 1000, 1000);
    const port = String(await freePort());
    const config = JSON.parse(await buildah('inspect', '--type', 'image', 'localhost/pianola')).Docker.config;
    const environment = [...config.Env, 'PIANOLA_HOST=127.0.0.1', `PIANOLA_PORT=${port}`];
    const enter = join(scratch, 'enter.sh');
    await writeFile(
      enter,
      `set -e
mount --bind "$1" "$1"; mount -o remount,ro,bind "$1"
mount -t proc proc "$1/proc"; mount -t tmpfs tmpfs "$1/tmp"; mount --rbind /dev "$1/dev"; mount --bind "$2" "$1/data"
root="$1"; shift 2
exec chroot --userspec=1000:1000 "$root" /usr/bin/env -i PATH=/usr/bin:/bin "$@" sh -c 'cd /opt/pianola && exec ${config.Cmd.join(' ')}'
`,
    );
    const station = spawn('unshare', [
      ...['--mount', '--pid', '--fork', '--kill-child', 'sh', enter, root, data, ...environment],
    ]);
    outer = station;
    let told = '';
    for (const stream of [station.stdout, station.stderr])
      stream.on('data', (part) => {
        told += part;
      });
    const exit = new Promise<number | null>((done) => station.once('exit', done));
    const health = () =>
      fetch(`http://127.0.0.1:${port}/healthz`).then(
        (answer) => answer.ok,
        () => false,
      );
    for (let waited = 0; !(await health()); waited++) {
      expect({ told, waited: waited < 240 }).toEqual({ told, waited: true });
      await sleep(500);
    }
    const inner = (await readFile(`/proc/${station.pid}/task/${station.pid}/children`, 'utf8')).trim();
    const inside = async (command: string) =>
      promisify(execFile)('nsenter', [
        ...['-t', inner, '-m', '-p', '--root', '--wd=/', 'chroot', '--userspec=1000:1000', '/'],
        ...['env', '-i', 'PATH=/usr/bin:/bin', ...environment, 'sh', '-c', `cd /opt/pianola && ${command}`],
      ]).then(
        ({ stdout }) => stdout,
        (error: { stdout: string; stderr: string }) => `failed: ${error.stdout}${error.stderr}`,
      );
    expect(await inside('node bin/pianola.js status --check')).toContain('(process 1)');
    const quoted = (await healthCheck()).map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(' ');
    expect(await inside(`${quoted} && echo healthy`)).toBe('healthy\n');
    expect(await inside('touch here')).toContain('Read-only file system');
    const composed = 'node bin/pianola.js compose --date 2026-11-21 --minutes 0.5 --candidates 1 --json';
    expect(JSON.parse(await inside(composed))).toMatchObject({ outcome: 'composed', seed: 20261121 });
    process.kill(Number(inner), 'SIGTERM');
    expect(await exit).toBe(0);
    expect(told).toContain('station.stopped');
  },
  300_000,
);

/** Every file below a folder with what it holds, in short. */
async function filesOf(folder: string): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    found[relative(folder, path)] = hash('sha256', await readFile(path));
  }
  return found;
}

withBuildah(
  'the image of what composes holds both functions’ zips, byte for byte, with the network of the image of weights',
  async () => {
    const packaged = join(scratch, 'package');
    await packageInto(packaged, process.arch === 'arm64' ? 'arm64' : 'x86_64');
    const zips = new Map<string, Buffer>();
    for (const name of ['compose', 'continue'])
      for (const [path, body] of await readZip(join(packaged, `${name}.zip`))) zips.set(path, body);
    const { 'model/CARD.md': card, ...files } = await filesOf(join(lambdaRoot, 'var/task'));
    // What only the image of weights has says where the network is from.
    expect(card).toBe(hash('sha256', await readFile('model/CARD.md')));
    expect(files).toEqual(Object.fromEntries([...zips].map(([path, body]) => [path, hash('sha256', body)])));
    const { Cmd, WorkingDir } = JSON.parse(await buildah('inspect', '--type', 'image', 'localhost/lambda'))
      .Docker.config;
    expect([Cmd, WorkingDir]).toEqual([['src/lambda/prepare.handler'], '/var/task']);
  },
  300_000,
);

withBuildah(
  'on a read-only root, as nobody, the image composes a day and goes on from what it is given',
  async () => {
    const [dynamo, s3, scheduler] = await Promise.all([fakeDynamo(), fakeS3(), fakeScheduler()]);
    const environment = {
      ...STAGE_VARIABLES,
      AWS_ENDPOINT_URL_S3: s3.endpoint,
      AWS_ENDPOINT_URL_DYNAMODB: dynamo.endpoint,
      AWS_ENDPOINT_URL_SCHEDULER: scheduler.endpoint,
      // Nobody is woken: a call would fail.
      AWS_ENDPOINT_URL_LAMBDA: 'http://127.0.0.1:9',
      DAILY_TIME: twelveHoursAway('UTC'),
      TIME_ZONE: 'UTC',
      SITE_URL: 'https://piano.example',
      MINUTES: '0.5',
      CONTINUE_MINUTES: '0.5',
      UPLOADS_BUCKET: '',
      SOUND_FUNCTION: 'pianola-test-sound',
      HOME: '/nowhere',
    };
    const start = (handler: string) =>
      startFunction({ image: lambdaRoot, handler, memoryMb: 1792, environment });
    const compose = await start('src/lambda/prepare.handler');
    const go = await start('src/lambda/continue.handler');
    try {
      const { composed } = (await compose.invoke({})) as { composed: string[] };
      expect([composed.length, s3.objects.has(`archive/performances/${composed[0]}.json`)]).toEqual([
        1,
        true,
      ]);
      const given = Buffer.from(
        writeMidiFile({ title: 'Mine', music: scale(8_000, 250), markers: [] }),
      ).toString('base64');
      expect(await go.invoke({ midi: given, minutes: 0.5, seed: 7 })).toMatchObject({
        outcome: 'continued',
        record: { minutes: 0.5, seed: 7 },
      });
      await expect(go.invoke({ nothing: true })).rejects.toThrow();
    } finally {
      await Promise.all([compose.stop(), go.stop()]);
      await Promise.all([dynamo, s3, scheduler].map((fake) => fake.close()));
    }
  },
  300_000,
);
