/** From the shelf to /play/: the model goes on from a piece that somebody pressed. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { writeMidiFile } from '../../src/music/midi/write.ts';
import { inProcess } from '../support/in-process.ts';
import { scale } from '../support/music.ts';
import { type GoingOn, goingOn } from './going-on.ts';
import type { TestStation } from './station.ts';
import { aBrowser } from './suite.ts';

const browser = aBrowser();
let corpus: string;
let station: TestStation;
let open: GoingOn;
beforeAll(async () => {
  corpus = await mkdtemp(join(tmpdir(), 'pianola-shelf-'));
  await mkdir(join(corpus, 'mill'));
  await writeFile(
    join(corpus, 'mill', 'scale.mid'),
    writeMidiFile({ title: 'Scale', music: scale(6_000, 250), markers: [] }),
  );
  await writeFile(join(corpus, 'splits.tsv'), 'file\tsplit\tgroup\nmill/scale.mid\ttrain\t0\n');
  open = await goingOn();
  ({ station } = open);
  const published = await inProcess([
    ...['corpus', 'publish', corpus, '--data', station.dataDir, '--takedown', 'archive@example.org'],
  ]);
  expect(published.code).toBe(0);
});
afterAll(async () => {
  await open.end();
  await rm(corpus, { recursive: true, force: true });
});

test('the link leads there with the file, which is gone on from once', async () => {
  const page = await browser().newPage();
  await page.goto(`${station.url}/shelf/mill/`);
  await page.locator('a.name').click();
  await page.locator('#go-on').click();
  await page.waitForFunction(() => /^Done: /.test(document.getElementById('status')?.textContent ?? ''));
  expect(await page.locator('#download').getAttribute('download')).toBe('Scale.mid');
  // Loaded again it is the page as it always is.
  expect(new URL(page.url()).search).toBe('');
  await page.goto(`${station.url}/play/?from=/shelf/midi/0123456789abcdef.mid&name=gone`);
  await page.waitForFunction(
    () => document.getElementById('status')?.textContent === 'The piece is not on the shelf any more.',
  );
});
