/**
 * `npm run coverage`: what the tests of the rooms that keep a performance going reach of them, by branches above all;
 * exit 1 where it is less than 95 % of the branches of any of them. What the browser alone can load is reached by its own tests.
 */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const ROOMS = ['src/broadcast', 'src/station', 'web/listener', 'web/score'];
const TESTS = ['tests/broadcast', 'tests/station', 'tests/web'];
/** What speaks to the browser's own objects, and what is types alone. */
const LEFT_OUT = ['web/listener/socket.ts', 'web/listener/timers.ts', 'src/broadcast/playing.ts'];
const LEAST_BRANCHES = 95;

const root = fileURLToPath(new URL('..', import.meta.url));
const jest = ['--experimental-vm-modules', '--no-warnings', 'node_modules/jest/bin/jest.js'];
const from = [...ROOMS.map((room) => `${room}/**/*.ts`), ...LEFT_OUT.map((file) => `!${file}`)];
const threshold = Object.fromEntries(ROOMS.map((room) => [`./${room}/`, { branches: LEAST_BRANCHES }]));
const { status } = spawnSync(
  process.execPath,
  [
    ...jest,
    ...TESTS,
    ...['--runInBand', '--coverage', '--coverageProvider=v8', '--coverageReporters=text'],
    ...from.map((pattern) => `--collectCoverageFrom=${pattern}`),
    `--coverageThreshold=${JSON.stringify(threshold)}`,
    // Takes all that follows it.
    ...['--selectProjects', 'unit'],
  ],
  { cwd: root, stdio: 'inherit' },
);
process.exitCode = status ?? 1;
