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
    const script = `const t = performance.now(); require(${JSON.stringify(join(directory, 'task/src/lambda/message.js'))}); console.log(performance.now() - t)`;
    const times: number[] = [];
    for (let i = 0; i < RUNS; i++) {
      const { stdout } = await promisify(execFile)(process.execPath, ['-e', script]);
      times.push(Number(stdout));
    }
    times.sort((a, b) => a - b);
    return {
      requireMs: Math.round(times[RUNS >> 1]!),
      fastestMs: Math.round(times[0]!),
      runs: RUNS,
      node: process.version,
    };
  } finally {
    await rm(directory, { recursive: true });
  }
}
