/**
 * `npm run bench -- shelf --corpus DIR [--cases DIR] [--files 500] [--seed 1] [--json]`: real files and mutants of them through
 * `corpus publish` and the shelf's player in a browser. Every file is published or refused with a reason; every published one plays and is heard.
 */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { launchBrowser } from '../tests/browser/browser.ts';
import { testStation } from '../tests/browser/station.ts';
import { inProcess } from '../tests/support/in-process.ts';
import { gather } from './shelf/gather.ts';
import { listen } from './shelf/listen.ts';

export async function run(): Promise<object> {
  const { values } = parseArgs({
    args: process.argv.slice(3),
    options: {
      corpus: { type: 'string', default: '../shared/corpus' },
      cases: { type: 'string', default: '../shared/cases/midi' },
      files: { type: 'string', default: '500' },
      seed: { type: 'string', default: '1' },
      json: { type: 'boolean', default: false },
    },
  });
  const given = await gather(values.corpus, values.cases, Number(values.files), Number(values.seed));
  const directory = await mkdtemp(join(tmpdir(), 'pianola-shelf-bench-'));
  const station = await testStation(null);
  try {
    await mkdir(join(directory, 'music'));
    for (const [i, { bytes }] of given.entries())
      await writeFile(join(directory, 'music', `${i}.mid`), bytes);
    const rows = given.map((_, i) => `music/${i}.mid\ttrain\t0`);
    await writeFile(join(directory, 'splits.tsv'), `${['file\tsplit\tgroup', ...rows].join('\n')}\n`);
    const names = given.map(({ name }, i) => `${i}.mid\t${name}\t\t`);
    await writeFile(
      join(directory, 'music', 'provenance.tsv'),
      `${['file\tname\turl\tcaptured', ...names].join('\n')}\n`,
    );
    const startedAt = performance.now();
    const published = await inProcess([
      ...['corpus', 'publish', directory, '--takedown', 'archive@example.org'],
      ...['--data', station.dataDir, '--json'],
    ]);
    if (published.code !== 0)
      throw new Error(`corpus publish ended with ${published.code}: ${published.stderr}`);
    const publishedS = (performance.now() - startedAt) / 1_000;
    const told = JSON.parse(published.stdout);
    const pages = ['/shelf/music/', ...(told.pieces > 400 ? ['/shelf/music/2/'] : [])];
    const browser = await launchBrowser();
    const { played, faults } = await listen(browser, station.url, pages, (done) => {
      if (done % 50 === 0) console.error(`${done} of ${told.pieces} are heard`);
    });
    await browser.close();
    if (played < told.pieces || faults.length > 0) process.exitCode = 1;
    const reasons: Record<string, number> = {};
    for (const { code } of told.refused) reasons[code] = (reasons[code] ?? 0) + 1;
    return {
      ...{ files: given.length, published: told.pieces, duplicates: told.duplicates, refused: reasons },
      ...{ publishedS: Number(publishedS.toFixed(1)), played, faults },
    };
  } finally {
    await station.end();
    await rm(directory, { recursive: true });
  }
}
