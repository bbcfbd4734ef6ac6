import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from '@jest/globals';

const root = resolve(import.meta.dirname, '..');
const NAME = '@pianola-org/pianola';

type Packed = {
  readonly filename: string;
  readonly size: number;
  readonly files: readonly { path: string }[];
};
let directory: string;
/** Where it is installed: a directory that was empty. */
let elsewhere: string;
let packed: Packed;

/** As from a shell that no npm has begun: what it tells its scripts, our own directory among it, is taken out. */
const env = Object.fromEntries(
  Object.entries({ ...process.env, NODE_OPTIONS: '' }).filter(
    ([key]) => !/^npm_(package|lifecycle|config_(local_prefix|ignore_scripts))|^INIT_CWD$/i.test(key),
  ),
);
const ran = async (cwd: string, command: string, ...args: string[]): Promise<string> =>
  (await promisify(execFile)(command, args, { cwd, env, maxBuffer: 1e8 })).stdout;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'pianola-package-'));
  elsewhere = join(directory, 'elsewhere');
  await mkdir(elsewhere);
  const pack = ['run', '--silent', 'pack', '--', '--json', '--pack-destination', directory];
  [packed] = JSON.parse(await ran(root, 'npm', ...pack)) as [Packed];
  await ran(
    elsewhere,
    'npm',
    ...['install', '--ignore-scripts', '--prefer-offline', '--no-audit', '--no-fund'],
    join(directory, packed.filename),
  );
}, 600_000);
afterAll(() => rm(directory, { recursive: true, force: true }));

test('it has what runs and what tells of it, and neither tests, benches nor what trained the model', () => {
  const folders = new Set(packed.files.map(({ path }) => path.replace(/\/.*/, '')));
  expect([...folders].sort()).toEqual([
    ...['CHANGELOG.md', 'LICENSE', 'README.md', 'bin', 'dist', 'docs', 'model', 'package.json', 'src'],
    ...['tsconfig.json', 'web'],
  ]);
  expect(packed.files.filter(({ path }) => path.endsWith('.py'))).toEqual([]);
  // 2 MB of piano, 6.9 MB of the shelf's sounds, and 8.6 MB that the composer reads.
  expect(packed.size).toBeLessThan(15_500_000);
});

test('from where it is installed it tells its commands and composes a minute of music', async () => {
  const pianola = (...args: string[]) => ran(elsewhere, 'npx', '--no-install', 'pianola', ...args);
  expect(await pianola('--help')).toMatch(/^ {2}compose /m);
  await pianola('compose', '--minutes', '1', '--seed', '7', '--candidates', '1', '--out', 'a.mid');
  expect((await readFile(join(elsewhere, 'a.mid'))).subarray(0, 4).toString()).toBe('MThd');
  expect(JSON.parse(await pianola('inspect', 'a.mid', '--json')).durationMs).toBeGreaterThan(45_000);
}, 600_000);

test('another project can import the wire, with its types, and needs nothing that compiles TypeScript to run it', async () => {
  const client = `import { parseFrame, type Frame } from '${NAME}/wire';
const frame: Frame | null = parseFrame('{"type":"end","broadcast":"b","epoch":1,"lastSeq":3}');
if (frame?.type !== 'end') throw new Error('it is no end');
const last: number = frame.lastSeq;
console.log(last);
`;
  await writeFile(join(elsewhere, 'client.mts'), client);
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  await ran(
    elsewhere,
    process.execPath,
    tsc,
    '--strict',
    '--module',
    'nodenext',
    '--types',
    '',
    'client.mts',
  );
  expect(await ran(elsewhere, process.execPath, 'client.mjs')).toBe('3\n');
});
