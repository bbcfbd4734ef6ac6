import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { withStores } from '../../support/data.ts';
import { inProcess } from '../../support/in-process.ts';
import { scale, stored } from '../../support/music.ts';
import { written } from '../../support/written.ts';

let data: string;
beforeAll(async () => {
  data = await mkdtemp(join(tmpdir(), 'pianola-sheet-'));
  await withStores(data, async ({ performances }) => {
    await performances.create(written('2026-11-21', 8, 4));
    await performances.create(stored('2026-11-22', scale(10_000)));
  });
});
afterAll(() => rm(data, { recursive: true, force: true }));

const sheet = (day: string, file: string, ...more: string[]) =>
  inProcess(['inspect', day, '--data', data, '--sheet', join(data, file), '--no-picture', ...more]);
const at = (file: string) => readFile(join(data, file), 'utf8');

test('the sheet of a composed day is written as MusicXML, as its first page, and as a PDF', async () => {
  expect(await sheet('2026-11-21', 'a.musicxml', '--json')).toMatchObject({ code: 0 });
  expect((await at('a.musicxml')).match(/<measure /g)).toHaveLength(12);
  const page = await sheet('2026-11-21', 'a.svg');
  expect(page.code).toBe(0);
  expect(page.stderr).toMatch(/Wrote \S+a\.svg, pages: 1/);
  expect(await at('a.svg')).toMatch(/^<svg [\s\S]*class="note"[\s\S]*<\/svg>/);
  expect(await sheet('2026-11-21', 'a.pdf')).toMatchObject({ code: 0 });
  expect(await at('a.pdf')).toMatch(/^%PDF-/);
});

test('no score, or a name of no kind: 2; a file that is there: 5', async () => {
  const none = await sheet('2026-11-22', 'b.pdf');
  expect([none.code, none.stderr]).toEqual([2, expect.stringContaining('has no score')]);
  const odd = await sheet('2026-11-21', 'b.png');
  expect([odd.code, odd.stderr]).toEqual([2, expect.stringContaining('.musicxml or .svg or .pdf')]);
  await writeFile(join(data, 'c.musicxml'), 'mine');
  expect((await sheet('2026-11-21', 'c.musicxml')).code).toBe(5);
  expect(await at('c.musicxml')).toBe('mine');
  expect((await sheet('2026-11-21', 'c.musicxml', '--force')).code).toBe(0);
});
