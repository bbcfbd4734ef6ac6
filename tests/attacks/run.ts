/**
 * `npm run attacks`: runs tests/attacks and counts cases; with --json `{"cases","passed",…}` is the last line.
 * A case has passed when it has a test, and all of its tests have. `--write` only writes the table of docs/security.md.
 */
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { CASES, caseOf, OF_AWS, writeTable } from './cases.ts';

/** What Jest writes with --json, as far as we read it. */
type Results = {
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly assertionResults: readonly { readonly title: string; readonly status: string }[];
  }[];
};

const ROOT = resolve(import.meta.dirname, '../..');
const json = process.argv.includes('--json');

async function results(): Promise<Results> {
  const directory = await mkdtemp(join(tmpdir(), 'pianola-attacks-'));
  const file = join(directory, 'results.json');
  const jest = join(ROOT, 'node_modules', 'jest', 'bin', 'jest.js');
  const options = ['--experimental-vm-modules', '--no-warnings', jest, 'tests/attacks/', '--runInBand'];
  const child = spawn(process.execPath, [...options, '--json', `--outputFile=${file}`], {
    cwd: ROOT,
    // Jest reports on stderr; what it prints as JSON is in the file.
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  await new Promise((resolve) => child.on('close', resolve));
  try {
    return JSON.parse(await readFile(file, 'utf8')) as Results;
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

function count({ testResults }: Results) {
  const verdicts = new Map<number, boolean>();
  for (const { title, status } of testResults.flatMap(({ assertionResults }) => assertionResults)) {
    const number = caseOf(title);
    if (number === null) continue;
    verdicts.set(number, (verdicts.get(number) ?? true) && status === 'passed');
  }
  const all = Array.from({ length: CASES }, (_, i) => i + 1);
  const having = (verdict: boolean | undefined) => all.filter((number) => verdicts.get(number) === verdict);
  return {
    cases: all.length,
    passed: having(true).length,
    /** Cases of which a part is a limit of AWS's own: no test of ours stands for that part. */
    ofAws: [...OF_AWS.keys()],
    failed: having(false),
    untested: having(undefined),
    /** Files that could not be run at all. */
    broken: testResults.filter((one) => one.status === 'failed' && one.assertionResults.length === 0).length,
  };
}

if (process.argv.includes('--write')) writeTable();
else {
  const figures = count(await results());
  console.log(json ? JSON.stringify(figures) : figures);
  process.exitCode = figures.passed === figures.cases && figures.broken === 0 ? 0 : 1;
}
