/**
 * `npm run soak`: runs the suites that hold sound against the clock twenty times (`-- N` times), without a second try, and
 * counts what failed and what was inconclusive. Each of these as it comes on stderr; one JSON line on stdout at the end.
 */
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { type Outcome, outcomesOf } from './witness/outcomes.ts';

const root = resolve(import.meta.dirname, '../..');
const runs = Number(process.argv[2] ?? 20);
if (!Number.isInteger(runs) || runs < 1) {
  console.error(`soak: ${process.argv[2]} is no number of runs: give a whole one, 1 or more`);
  process.exit(2);
}
/** All that have a witness. */
const suites = readdirSync(import.meta.dirname)
  .filter((name) => name.endsWith('.test.ts'))
  .filter((name) => readFileSync(join(import.meta.dirname, name), 'utf8').includes('/witnessed.ts'))
  .map((name) => relative(root, join(import.meta.dirname, name)));

async function runOnce(reportFile: string): Promise<readonly Outcome[]> {
  const jest = join(root, 'node_modules/jest/bin/jest.js');
  const child = spawn(
    process.execPath,
    [
      ...['--experimental-vm-modules', '--no-warnings', jest, ...suites, '--runInBand', '--silent'],
      ...['--json', '--outputFile', reportFile, '--selectProjects', 'heard'],
    ],
    {
      cwd: root,
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { ...process.env, NODE_OPTIONS: '', PIANOLA_SOUND_TRIES: '1' },
    },
  );
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  const ended = await new Promise((done, failed) =>
    child.once('error', failed).once('close', (code, signal) => done(signal ?? code)),
  );
  const report = await readFile(reportFile, 'utf8').catch((cause: unknown) => {
    throw new Error(`Jest ended with ${ended} and without a report:\n${said.slice(-2_000)}`, { cause });
  });
  return outcomesOf(JSON.parse(report));
}

const directory = await mkdtemp(join(tmpdir(), 'pianola-soak-'));
try {
  const all: (Outcome & { run: number })[] = [];
  for (let run = 1; run <= runs; run++) {
    const outcomes = await runOnce(join(directory, `${run}.json`));
    for (const outcome of outcomes) all.push({ run, ...outcome });
    for (const { test, verdict, why } of outcomes)
      if (verdict !== 'passed') console.error(`run ${run}: ${verdict}: ${test}: ${why}`);
    console.error(`run ${run} of ${runs}: ${outcomes.length} tests`);
  }
  const of = (verdict: Outcome['verdict']) => all.filter((outcome) => outcome.verdict === verdict);
  const [failures, inconclusive] = [of('failed'), of('inconclusive')];
  const counts = {
    runs,
    suites: suites.length,
    tests: all.length,
    passed: of('passed').length,
    failed: failures.length,
    inconclusive: inconclusive.length,
  };
  console.log(JSON.stringify({ soak: counts, failures, inconclusive }));
  process.exitCode = failures.length > 0 ? 1 : 0;
} finally {
  await rm(directory, { recursive: true, force: true });
}
