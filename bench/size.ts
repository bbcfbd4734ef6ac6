import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildPage } from '../src/adapters/net/page-bundle.ts';
import { readZip } from '../tests/lambda/unzip.ts';
import { packageInto } from './package.ts';
import { visit } from './page/requests.ts';
import { BUDGET, weigh } from './page/weigh.ts';

/** What each artefact weighs unzipped, which Lambda loads at a cold start, against our own limits; megabytes. */
const LIMITS: Readonly<Record<string, number>> = {
  compose: 60,
  broadcast: 2,
  connect: 2,
  disconnect: 2,
  message: 2,
};
const MB = 1024 * 1024;

/** Prints one figure against its limit. */
function tell(name: string, value: number, limit: number, unit: string, digits = 2): void {
  const isWithin = value <= limit;
  if (!isWithin) process.exitCode = 1;
  const figure = `${value.toFixed(digits).padStart(7)}${unit} of ${limit}${unit}`;
  console.log(`${name.padEnd(22)}${figure}: ${isWithin ? 'ok' : 'TOO MUCH'}`);
}

const assets = await buildPage();
const { firstLoadKB, pianoMB, synthesiserKB, soundsMB } = weigh(assets);
tell('page, first load', firstLoadKB, BUDGET.firstLoadKB, ' KB');
tell('piano, later', pianoMB, BUDGET.pianoMB, ' MB');
tell('shelf, synthesiser', synthesiserKB, BUDGET.synthesiserKB, ' KB');
tell('shelf, all sounds', soundsMB, BUDGET.soundsMB, ' MB');
const { thirdPartyRequests, trackers } = await visit(assets);
tell('third-party requests', thirdPartyRequests, 0, '', 0);
tell('trackers', trackers, 0, '', 0);

const directory = await mkdtemp(join(tmpdir(), 'pianola-size-'));
try {
  const startedAt = performance.now();
  await packageInto(directory);
  console.log(`packaged in ${((performance.now() - startedAt) / 1000).toFixed(1)} s`);
  for (const [name, limit] of Object.entries(LIMITS)) {
    const files = [...(await readZip(join(directory, `${name}.zip`))).values()];
    const megabytes = files.reduce((sum, file) => sum + file.length, 0) / MB;
    tell(`${name}, ${files.length} files`, megabytes, limit, ' MB');
  }
} finally {
  await rm(directory, { recursive: true });
}
