/**
 * `npm run mutate [-- src/broadcast web/score/captions.ts]`: changes the code of the rooms that keep a performance going, one small
 * thing at a time, and counts what their own tests do not notice (Stryker). Survivors are listed by line, the whole reports are
 * bench/mutate/report/ROOM.html; exit 1 where less than 85 % of a room's mutants are noticed. Stryker is installed at its
 * first run, in its own folder with its own lockfile. A mutant takes a second or more, all of them some hours: name a room or a
 * file for less. What was found is kept in bench/mutate/report/ROOM.incremental.json, also where a run is interrupted (Ctrl+C):
 * the next tries only what has changed since, and what survived where there are new tests.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, renameSync, statSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOMS = ['src/broadcast', 'src/station', 'web/listener', 'web/score'];
/** What speaks to the browser's own objects, and what is types alone: no unit test can reach it. */
const LEFT_OUT = ['web/listener/socket.ts', 'web/listener/timers.ts', 'src/broadcast/playing.ts'];

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
let worst = 0;
for (const room of ROOMS) {
  const paths = asked.length > 0 ? asked.filter((path) => isIn(room, path)) : [room];
  if (paths.length === 0) continue;
  const from = paths.map((path) => (statSync(join(root, path)).isDirectory() ? `${path}/**/*.ts` : path));
  const name = room.replaceAll('/', '-');
  const { status } = spawnSync(
    process.execPath,
    [
      ...[entry, 'run', 'bench/mutate/stryker.config.json'],
      ...['--mutate', [...from, ...LEFT_OUT.map((file) => `!${file}`)].join(',')],
      ...['--concurrency', String(availableParallelism())],
      ...['--incremental', '--incrementalFile', `bench/mutate/report/${name}.incremental.json`],
    ],
    { cwd: root, stdio: 'inherit', env: { ...process.env, PIANOLA_MUTATED: room.replace(/^src\//, '') } },
  );
  worst = Math.max(worst, status ?? 1);
  for (const kind of ['html', 'json'])
    if (existsSync(join(folder, `report/report.${kind}`)))
      renameSync(join(folder, `report/report.${kind}`), join(folder, `report/${name}.${kind}`));
}
process.exitCode = worst;
