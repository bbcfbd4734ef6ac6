import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { readZip, writeTree } from '../tests/lambda/unzip.ts';
import { packageInto } from './package.ts';

/** How long a fresh process takes to load `message`, the function that a first listener waits for. */
const RUNS = 15;

export async function run(): Promise<object> {
  const directory = await mkdtemp(join(tmpdir(), 'pianola-cold-'));
  try {
    await packageInto(directory);
    await writeTree(await readZip(join(directory, 'message.zip')), join(directory, 'task'));
    const task = JSON.stringify(join(directory, 'task/src/lambda/message.js'));
    // The processor's time beside the clock's: on a busy machine the clock counts others' work as well.
    const script = `const c = process.cpuUsage(), t = performance.now(); require(${task}); const { user, system } = process.cpuUsage(c); console.log(performance.now() - t, (user + system) / 1000)`;
    const walls: number[] = [];
    const processors: number[] = [];
    for (let i = 0; i < RUNS; i++) {
      const { stdout } = await promisify(execFile)(process.execPath, ['-e', script]);
      const [wall = 0, processor = 0] = stdout.trim().split(' ').map(Number);
      walls.push(wall);
      processors.push(processor);
    }
    return {
      requireMs: median(walls),
      requireProcessorMs: median(processors),
      fastestMs: Math.round(Math.min(...walls)),
      runs: RUNS,
      node: process.version,
    };
  } finally {
    await rm(directory, { recursive: true });
  }
}

const median = (values: readonly number[]): number =>
  Math.round([...values].sort((a, b) => a - b)[values.length >> 1] ?? 0);
