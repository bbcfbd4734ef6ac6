/** What the pages beside the live one offer to press; states.test.ts asks the same of that and its embed. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { writeMidiFile } from '../../src/music/midi/write.ts';
import { publish } from '../../src/publish/publish.ts';
import { inProcess } from '../support/in-process.ts';
import { scale, stored } from '../support/music.ts';
import { type GoingOn, goingOn } from './going-on.ts';
import { aBrowser } from './suite.ts';
import { unheard } from './unheard.ts';

const DAY = '2026-11-21';
const browser = aBrowser();
let corpus: string;
let open: GoingOn;
beforeAll(async () => {
  corpus = await mkdtemp(join(tmpdir(), 'pianola-buttons-'));
  await mkdir(join(corpus, 'mill'));
  const song = writeMidiFile({ title: 'Scale', music: scale(6_000, 250), markers: [] });
  await writeFile(join(corpus, 'mill', 'scale.mid'), song);
  await writeFile(join(corpus, 'splits.tsv'), 'file\tsplit\tgroup\nmill/scale.mid\ttrain\t0\n');
  open = await goingOn();
  const { performances, site, dataDir } = open.station;
  await inProcess(['corpus', 'publish', corpus, '--data', dataDir, '--takedown', 'archive@example.org']);
  await performances.create(stored(DAY, scale(20_000)));
  await publish(DAY, { performances, site });
});
afterAll(async () => {
  await open.end();
  await rm(corpus, { recursive: true, force: true });
});

test.each([
  ['a day', `/${DAY}/`, 2],
  ['the archive', '/archive/', 1],
  ['a year of the archive', '/archive/2026/', 1],
  ['the shelf', '/shelf/', 4],
  ['a site of the shelf', '/shelf/mill/', 4],
  ['/play/', '/play/', 8],
])('every button of %s is listened to', async (_, path, buttons) => {
  const page = await browser().newPage();
  await page.route('**/piano/**', () => {});
  await page.goto(`${open.station.url}${path}`);
  expect([await unheard(page), await page.locator('button').count()]).toEqual([[], buttons]);
  await page.close();
});
