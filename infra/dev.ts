/**
 * `npm run dev -- [options of start]`: the station, started anew whenever something in src/ or web/ changes; it bundles the
 * page as it starts, so that a reload of the page shows what was changed. Ctrl-C ends both.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { watch } from 'node:fs';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');
/** An editor saves in several steps, a checkout changes many files; milliseconds. */
const SETTLE_MS = 200;

let station: ChildProcess;
let settling: NodeJS.Timeout | undefined;
let ending = false;

function start(): void {
  const args = [join(root, 'bin/pianola.js'), 'start', ...process.argv.slice(2)];
  const mine = spawn(process.execPath, args, { stdio: 'inherit' });
  station = mine;
  mine.once('close', (code) => {
    if (ending) process.exit(code ?? 1);
    if (code !== 0) console.error('dev: the station has ended; it starts again with the next change');
  });
}

/** The old one first lets go of its port and its data. */
function restart(name: string): void {
  console.error(`dev: ${name} has changed`);
  const old = station;
  const over = old.exitCode !== null || old.signalCode !== null;
  if (over) start();
  else old.once('close', start).kill('SIGTERM');
}

for (const folder of ['src', 'web']) {
  watch(join(root, folder), { recursive: true }, (_, name) => {
    clearTimeout(settling);
    if (!ending) settling = setTimeout(restart, SETTLE_MS, join(folder, name ?? ''));
  });
}
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    ending = true;
    clearTimeout(settling);
    // A terminal's Ctrl-C has reached the station as well; it takes two for one.
    if (!station.kill('SIGTERM')) process.exit(0);
  });
}
start();
