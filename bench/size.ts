import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readZip } from '../tests/lambda/unzip.ts';
import { packageInto } from './package.ts';

/** What each artefact weighs unzipped, which Lambda loads at a cold start, against our own limits; megabytes. */
const LIMITS: Readonly<Record<string, number>> = {
  compose: 60,
  broadcast: 2,
  connect: 2,
  disconnect: 2,
  message: 2,
};
const MB = 1024 * 1024;

const directory = await mkdtemp(join(tmpdir(), 'pianola-size-'));
try {
  const startedAt = performance.now();
  await packageInto(directory);
  console.log(`packaged in ${((performance.now() - startedAt) / 1000).toFixed(1)} s`);
  for (const [name, limit] of Object.entries(LIMITS)) {
    const files = [...(await readZip(join(directory, `${name}.zip`))).values()];
    const megabytes = files.reduce((sum, file) => sum + file.length, 0) / MB;
    const verdict = megabytes <= limit ? 'ok' : 'TOO LARGE';
    console.log(
      `${name.padEnd(11)}${megabytes.toFixed(2).padStart(7)} MB of ${limit} MB, ${files.length} files: ${verdict}`,
    );
    if (megabytes > limit) process.exitCode = 1;
  }
} finally {
  await rm(directory, { recursive: true });
}
