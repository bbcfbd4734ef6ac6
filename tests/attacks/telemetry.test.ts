/** The ONNX runtime keeps nothing for its maker, and so has nothing to send. */
import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { pianola } from '../support/cli.ts';

const ROOT = resolve(import.meta.dirname, '../..');
/** Where the runtime's library writes: `.cache/Microsoft/DeveloperTools/.onnxruntime` of a home. */
const filesIn = (home: string) =>
  readdirSync(home, { recursive: true, encoding: 'utf8' }).filter((path) => /microsoft|onnx/i.test(path));

let home: string;
/** Nothing set that these tests themselves were started with. */
const fresh = () => ({ HOME: home, XDG_CACHE_HOME: undefined, ORT_DISABLE_TELEMETRY: undefined });
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'pianola-home-'));
});
afterEach(() => rm(home, { recursive: true, force: true }));

test('case 100: composing, in threads of its own, leaves no file in a fresh home', async () => {
  const out = join(home, 'a.mid');
  const args = ['compose', '--seed', '7', '--minutes', '0.5', '--candidates', '1', '--out', out];
  const { code, stderr } = await pianola(args, { env: fresh() });
  expect([code, stderr]).toEqual([0, expect.any(String)]);
  expect(readdirSync(home)).toEqual(['a.mid']);
});

test('case 100: opening the model to check it, in the process itself, leaves no file in a fresh home', async () => {
  const { stdout } = await pianola(['doctor', '--ntp', 'none', '--json', '--data', join(home, 'data')], {
    env: fresh(),
  });
  expect(stdout).toMatch(/"check":"model","state":"ok"/);
  expect(readdirSync(home)).toEqual([]);
});

test('case 100: tests that open the model leave no file in a fresh home', async () => {
  const run = join('node_modules', 'jest', 'bin', 'jest.js');
  const one = ['tests/sampling/onnx.test.ts', '-t', 'context', '--selectProjects', 'unit'];
  const { stderr } = await promisify(execFile)(
    process.execPath,
    ['--experimental-vm-modules', '--no-warnings', run, ...one],
    { cwd: ROOT, env: { ...process.env, ...fresh() } },
  );
  expect(stderr).toMatch(/Tests: .*[1-9]\d* passed/);
  expect(filesIn(home)).toEqual([]);
});

test('case 100: one module alone loads the runtime, after it has switched the reports off', () => {
  const importing = ['src', 'bench', 'infra', 'tests']
    .flatMap((folder) =>
      readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' }).map((name) =>
        join(folder, name),
      ),
    )
    .filter((file) => /\.[mc]?[jt]s$/.test(file))
    .filter((file) =>
      /(?:from|import\(|require\()\s*['"]onnxruntime-/.test(readFileSync(join(ROOT, file), 'utf8')),
    );
  expect(importing).toEqual(['src/sampling/runtime.ts']);
  const text = readFileSync(join(ROOT, 'src/sampling/runtime.ts'), 'utf8');
  expect(text.indexOf("import './no-telemetry.ts'")).toBeLessThan(text.indexOf("'onnxruntime-node'"));
});
