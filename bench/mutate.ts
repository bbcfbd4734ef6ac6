/**
 * `npm run mutate [-- src/broadcast web/score/captions.ts]`: changes the code of the rooms that keep a performance going, one small
 * thing at a time, and counts what their own tests do not notice (Stryker). Survivors are listed by line, the whole reports are
 * bench/mutate/report/ROOM.html; exit 1 where less than 85 % of a room's mutants are noticed. Stryker is installed at its
 * first run, in its own folder with its own lockfile. A mutant takes a second or more, all of them some hours: name a room or a
 * file for less. What was found is kept file by file (ROOM.incremental.json), so that a run that was interrupted goes on where
 * it was, and one after a change tries only what has changed, and what survived where there are new tests.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, renameSync, statSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOMS = ['src/broadcast', 'src/station', 'web/listener', 'web/score'];
/** What speaks to the browser's own objects, and what is names or types alone: no unit test can reach it. */
const LEFT_OUT = [
  'web/listener/bring-site-clock.ts',
  'web/listener/request-steps.ts',
  'web/listener/site-clock-chunk.ts',
  'web/listener/socket.ts',
  'web/listener/timers.ts',
  'src/broadcast/playing.ts',
];

/** Of a room's mutants. */
const ENOUGH_PERCENT = 85;

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = join(root, 'bench/mutate');
const entry = join(folder, 'node_modules/@stryker-mutator/core/bin/stryker.js');
const asked = process.argv.slice(2);
const unknown = asked.filter((path) => !existsSync(join(root, path)));
if (unknown.length > 0) {
  console.error(`there is no ${unknown.join(', ')}: give files or folders, from the project's own`);
  process.exit(2);
}
if (!existsSync(entry)) {
  console.error('Installing Stryker, this once.');
  execFileSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: folder });
}
const isIn = (room: string, path: string): boolean => path === room || path.startsWith(`${room}/`);
const outside = asked.filter((path) => !ROOMS.some((room) => isIn(room, path)));
if (outside.length > 0) {
  console.error(`${outside.join(', ')}: only what lies in ${ROOMS.join(', ')} is changed`);
  process.exit(2);
}
const report = (name: string): string => join(folder, 'report', name);

/** Tries the mutants of one file, and keeps what was found with what is known of its room's others. */
function mutate(room: string, file: string): void {
  const name = room.replaceAll('/', '-');
  const { status } = spawnSync(
    process.execPath,
    [
      ...[entry, 'run', 'bench/mutate/stryker.config.json', '--mutate', file],
      ...['--concurrency', String(availableParallelism())],
      ...['--incremental', '--incrementalFile', `bench/mutate/report/${name}.incremental.json`],
    ],
    { cwd: root, stdio: 'inherit', env: { ...process.env, PIANOLA_MUTATED: room.replace(/^src\//, '') } },
  );
  // Its own tests fail, or it could not run: what was known of the file before tells nothing of it now.
  if (status !== 0) process.exitCode = 1;
  if (existsSync(report('report.html'))) renameSync(report('report.html'), report(`${name}.html`));
}

/** How many of a room's mutants are known, and how many of them were noticed. */
function found(room: string): { mutants: number; noticed: number } {
  const path = report(`${room.replaceAll('/', '-')}.incremental.json`);
  if (!existsSync(path)) return { mutants: 0, noticed: 0 };
  const { files } = JSON.parse(readFileSync(path, 'utf8')) as {
    files: Record<string, { mutants: { status: string }[] }>;
  };
  const all = Object.values(files).flatMap(({ mutants }) => mutants.map(({ status }) => status));
  const noticed = all.filter((status) => status === 'Killed' || status === 'Timeout').length;
  const missed = all.filter((status) => status === 'Survived' || status === 'NoCoverage').length;
  return { mutants: noticed + missed, noticed };
}

for (const room of ROOMS) {
  const paths = asked.length > 0 ? asked.filter((path) => isIn(room, path)) : [room];
  const files = paths
    .flatMap((path) =>
      statSync(join(root, path)).isDirectory()
        ? readdirSync(join(root, path), { recursive: true, encoding: 'utf8' }).map((file) => join(path, file))
        : path,
    )
    .filter((file) => file.endsWith('.ts'))
    .filter((file) => !LEFT_OUT.includes(file))
    .sort();
  if (files.length === 0) continue;
  for (const file of files) mutate(room, file);
  const { mutants, noticed } = found(room);
  const percent = (100 * noticed) / Math.max(1, mutants);
  console.log(`${room}: ${noticed} of ${mutants} mutants noticed, ${percent.toFixed(2)} %`);
  if (percent < ENOUGH_PERCENT) process.exitCode = 1;
}
