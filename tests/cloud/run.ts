import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { packageInto } from '../../bench/package.ts';
import { freePort } from '../support/free-port.ts';

/**
 * `npm run test:cloud`: cdk-nag, cfn-lint and checkov on the template, dress rehearsals of the stack, the contracts against moto's server, the proxies of
 * docs/self-hosting.md where they are there, and what learns: the trainer's own tests, model/notebook.ipynb, docs/fine-tuning.md. cfn-lint, checkov, moto
 * and torch are Python; where there is none, or its packages cannot be had, it says so and leaves them out.
 *
 * `--short` leaves out the rehearsals, which take longest.
 *
 * What learns needs torch: `--learning` installs it, 6 GB, and it is used from then on; `PIANOLA_PYTHON` names an interpreter that has
 * model/requirements.txt and model/notebook-requirements.txt already.
 */
const HERE = import.meta.dirname;
const BIN_FOLDER = process.platform === 'win32' ? 'Scripts' : 'bin';
const VENV = resolve('node_modules/.cache/pianola-cloud');
const BIN = join(VENV, BIN_FOLDER);
const LEARNING = resolve('node_modules/.cache/pianola-learning');
const PACKAGED = resolve('node_modules/.cache/pianola-package');
/** With what composes made from an image. */
const IMAGED = resolve('node_modules/.cache/pianola-imaged');
/** Packaged for evenings of so many minutes at most. */
const REHEARSALS = {
  '3': resolve('node_modules/.cache/pianola-rehearsal'),
  '0.5': resolve('node_modules/.cache/pianola-rehearsal-short'),
};
const TEMPLATE = join(PACKAGED, 'cloudformation-template-update-stack.json');

const quietly = (command: string, args: readonly string[]): boolean =>
  spawnSync(command, args, { stdio: ['ignore', 'ignore', 'inherit'] }).status === 0;

/** Where a virtual environment has not been made yet, makes it. @returns why it cannot be had, or null */
function environment(
  folder: string,
  about: { readonly has: boolean; readonly what: string; readonly lists: readonly string[] },
): string | null {
  if (!quietly('python3', ['-c', 'import venv'])) return 'there is no Python 3 here';
  if (about.has) return null;
  console.log(`installing ${about.what} (once)`);
  if (!quietly('python3', ['-m', 'venv', folder])) return 'a virtual environment cannot be made';
  const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check'];
  const lists = about.lists.flatMap((list) => ['-r', list]);
  return quietly(join(folder, BIN_FOLDER, 'python'), [...pip, ...lists])
    ? null
    : `the packages of ${about.lists.join(' and ')} cannot be had`;
}

const prepare = (): string | null =>
  environment(VENV, {
    has: existsSync(join(BIN, 'moto_server')) && existsSync(join(BIN, 'checkov')),
    what: 'moto, cfn-lint and checkov',
    lists: ['tests/cloud/requirements.txt'],
  });

/** An interpreter that can learn, or why there is none. */
function learner(): { readonly python: string } | { readonly missing: string } {
  const given = process.env.PIANOLA_PYTHON;
  const python = given ?? join(LEARNING, BIN_FOLDER, 'python');
  const has = quietly(python, ['-c', 'import torch, onnxruntime, pytest, nbclient, ipykernel']);
  if (given) return has ? { python } : { missing: `PIANOLA_PYTHON, ${given}, has not all of its packages` };
  // Three gigabytes to fetch, six on the disk and minutes to install: not what every run of this should begin with.
  if (!has && !process.argv.includes('--learning'))
    return { missing: 'give --learning to install what they need, once, or PIANOLA_PYTHON' };
  const missing = environment(LEARNING, {
    has,
    what: 'torch, some gigabytes, and what the notebook needs',
    lists: ['model/requirements.txt', 'model/notebook-requirements.txt'],
  });
  return missing === null ? { python } : { missing };
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

const has = (program: string): boolean =>
  spawnSync(program, ['--version'], { stdio: 'ignore' }).error === undefined;

/** A minimal Debian in place of Node's image, made once; or why images cannot be built here. */
function containerBase(): { readonly folder: string } | { readonly missing: string } {
  const needed = ['buildah', 'debootstrap', 'unshare', 'nsenter'];
  const absent = needed.filter((program) => !has(program));
  if (absent.length > 0) return { missing: `there is no ${absent.join(', ')} here` };
  if (process.getuid?.() !== 0) return { missing: 'this is not root' };
  const folder = resolve('node_modules/.cache/pianola-base');
  if (existsSync(join(folder, 'etc/debian_version'))) return { folder };
  console.log('making a Debian for images (once)');
  const made = quietly('debootstrap', ['--variant=minbase', '--include=ca-certificates', 'bookworm', folder]);
  return made ? { folder } : { missing: 'debootstrap cannot reach a mirror' };
}

const failures: string[] = [];
const step = async (name: string, work: Promise<number>) => {
  if ((await work) !== 0) failures.push(name);
};

await packageInto(PACKAGED);
await step('cdk-nag', nag());
const jest = ['--experimental-vm-modules', '--no-warnings', 'node_modules/jest/bin/jest.js'];
const architecture = process.arch === 'arm64' ? 'arm64' : 'x86_64';
if (process.argv.includes('--short'))
  console.log('dress rehearsals of the stack are left out: give no --short; they take some twenty minutes');
else {
  for (const [minutes, folder] of Object.entries(REHEARSALS))
    await packageInto(folder, architecture, [`minutes=${minutes}`]);
  await step(
    'rehearsal',
    run(process.execPath, [...jest, 'tests/cloud/rehearse.test.ts', '-i', '--selectProjects', 'unit'], {
      PIANOLA_REHEARSALS: JSON.stringify(REHEARSALS),
    }),
  );
}
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
const base = containerBase();
if ('missing' in base) console.log(`the images of infra/container are left out: ${base.missing}`);
else
  await step(
    'container',
    run(process.execPath, [...jest, 'tests/cloud/container.test.ts', '-i', '--selectProjects', 'unit'], {
      PIANOLA_CONTAINER_BASE: base.folder,
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
  // The framework names in DependsOn what its GetAtt says already (W3005): harmless, and not ours to change. The certificate's
  // ARN is empty where there is no domain, and then nothing refers to it (W1030).
  const ignored = ['W3005', 'W1030'];
  await step('cfn-lint', run(join(BIN, 'cfn-lint'), ['--ignore-checks', ...ignored, '--', TEMPLATE]));
  const image = `123456789012.dkr.ecr.eu-central-1.amazonaws.com/pianola@sha256:${'0'.repeat(64)}`;
  await packageInto(IMAGED, 'arm64', [`image=${image}`]);
  const imaged = join(IMAGED, 'cloudformation-template-update-stack.json');
  await step(
    'cfn-lint, with image',
    run(join(BIN, 'cfn-lint'), ['--ignore-checks', ...ignored, '--', imaged]),
  );
  await step(
    'checkov',
    run(join(BIN, 'checkov'), ['--config-file', 'infra/checkov.yaml', '-f', TEMPLATE], {
      LOG_LEVEL: 'CRITICAL',
    }),
  );
}
const learning = learner();
if ('missing' in learning)
  console.log(`trainer, notebook and docs/fine-tuning.md are left out: ${learning.missing}`);
else {
  const { python } = learning;
  await step('trainer', run(python, ['-m', 'pytest', '-q', 'model'], { OMP_WAIT_POLICY: 'PASSIVE' }));
  const tests = ['tests/cloud/notebook.test.ts', 'tests/cloud/fine-tuning.test.ts'];
  await step(
    'learning',
    run(process.execPath, [...jest, ...tests, '-i', '--selectProjects', 'unit'], { PIANOLA_PYTHON: python }),
  );
}
console.log(failures.length === 0 ? 'test:cloud passed' : `test:cloud failed: ${failures.join(', ')}`);
process.exit(failures.length === 0 ? 0 : 1);
