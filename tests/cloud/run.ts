import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { packageInto } from '../../bench/package.ts';
import { freePort } from '../support/free-port.ts';

/**
 * `npm run test:cloud`: cdk-nag, cfn-lint and checkov on the template, the contracts against moto's server, and the proxies of
 * docs/self-hosting.md where they are there. cfn-lint, checkov and moto are Python; where there is none, or its packages cannot be had, it says so and leaves them out.
 */
const HERE = import.meta.dirname;
const VENV = resolve('node_modules/.cache/pianola-cloud');
const BIN = join(VENV, process.platform === 'win32' ? 'Scripts' : 'bin');
const PACKAGED = resolve('node_modules/.cache/pianola-package');
const TEMPLATE = join(PACKAGED, 'cloudformation-template-update-stack.json');

const quietly = (command: string, args: readonly string[]): boolean =>
  spawnSync(command, args, { stdio: ['ignore', 'ignore', 'inherit'] }).status === 0;

function prepare(): string | null {
  if (!quietly('python3', ['-c', 'import venv'])) return 'there is no Python 3 here';
  if (existsSync(join(BIN, 'moto_server')) && existsSync(join(BIN, 'checkov'))) return null;
  console.log('installing moto, cfn-lint and checkov (once)');
  if (!quietly('python3', ['-m', 'venv', VENV])) return 'a virtual environment cannot be made';
  const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check'];
  return quietly(join(BIN, 'python'), [...pip, '-r', join(HERE, 'requirements.txt')])
    ? null
    : 'the packages of tests/cloud/requirements.txt cannot be had';
}

/** Not synchronously: a child of tsx waits for its parent to answer. */
const run = (command: string, args: readonly string[], env: Record<string, string> = {}): Promise<number> =>
  new Promise((done) => {
    const child = spawn(command, args, { stdio: 'inherit', env: { ...process.env, ...env } });
    child.once('exit', (code) => done(code ?? 1));
    child.once('error', () => done(1));
  });

async function startMoto(): Promise<{ endpoint: string; process: ChildProcess }> {
  const port = await freePort();
  const moto = spawn(join(BIN, 'moto_server'), ['-H', '127.0.0.1', '-p', String(port)], { stdio: 'ignore' });
  const endpoint = `http://127.0.0.1:${port}`;
  for (let attempt = 0; attempt < 150; attempt++) {
    const answer = await fetch(`${endpoint}/moto-api/data.json`).catch(() => null);
    if (answer?.ok) return { endpoint, process: moto };
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error('moto did not start');
}

/** cdk-nag needs the whole of the CDK, 190 MB: it gets a folder of its own, and its packages' versions are fixed. */
async function nag(): Promise<number> {
  const folder = resolve('node_modules/.cache/pianola-nag');
  mkdirSync(folder, { recursive: true });
  if (!existsSync(join(folder, 'node_modules', 'cdk-nag'))) {
    console.log('installing cdk-nag (once)');
    writeFileSync(join(folder, 'package.json'), '{"private": true}');
    const packages = ['aws-cdk-lib@2.276.0', 'cdk-nag@2.38.2', 'constructs@10.8.1'];
    const status = await run('npm', [
      'install',
      '--ignore-scripts',
      '--silent',
      '--prefix',
      folder,
      ...packages,
    ]);
    if (status !== 0) return status;
  }
  copyFileSync(join(HERE, 'nag.mjs'), join(folder, 'nag.mjs'));
  return run(process.execPath, [join(folder, 'nag.mjs'), TEMPLATE]);
}

const failures: string[] = [];
const step = async (name: string, work: Promise<number>) => {
  if ((await work) !== 0) failures.push(name);
};

await packageInto(PACKAGED);
await step('cdk-nag', nag());
const jest = ['--experimental-vm-modules', '--no-warnings', 'node_modules/jest/bin/jest.js'];
const has = (program: string): boolean =>
  spawnSync(program, ['--version'], { stdio: 'ignore' }).error === undefined;
const programs = ['nginx', 'caddy', 'systemd-analyze'].filter(has);
console.log(
  `proxies and units of docs/self-hosting.md: ${programs.join(', ') || 'left out, no such program is here'}`,
);
if (programs.length > 0)
  await step(
    'proxies',
    run(process.execPath, [...jest, 'tests/cloud/proxies.test.ts', '--selectProjects', 'unit'], {
      PIANOLA_PROXIES: programs.join(','),
    }),
  );
const missing = prepare();
if (missing) console.log(`moto, cfn-lint and checkov are left out: ${missing}`);
else {
  const moto = await startMoto();
  await step(
    'contracts',
    run(process.execPath, [...jest, 'tests/cloud/moto.test.ts', '--selectProjects', 'unit'], {
      MOTO_ENDPOINT: moto.endpoint,
    }),
  );
  moto.process.kill();
  // The framework names in DependsOn what its GetAtt says already (W3005): harmless, and not ours to change.
  await step('cfn-lint', run(join(BIN, 'cfn-lint'), ['--ignore-checks', 'W3005', '--', TEMPLATE]));
  await step(
    'checkov',
    run(join(BIN, 'checkov'), ['--config-file', 'infra/checkov.yaml', '-f', TEMPLATE], {
      LOG_LEVEL: 'CRITICAL',
    }),
  );
}
console.log(failures.length === 0 ? 'test:cloud passed' : `test:cloud failed: ${failures.join(', ')}`);
process.exit(failures.length === 0 ? 0 : 1);
