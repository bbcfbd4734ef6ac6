/** `corpus publish` and `corpus withdraw`, from a collected directory to the station's public files. */
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { writeMidiFile } from '../../../../src/music/midi/write.ts';
import { bandFile, wordsAt } from '../../../support/band-file.ts';
import { inProcess } from '../../../support/in-process.ts';
import { scale } from '../../../support/music.ts';

let root: string;
const at = (...path: string[]) => join(root, ...path);
const publish = (...args: string[]) =>
  inProcess(['corpus', 'publish', at('corpus'), '--data', at('data'), '--json', ...args]);
const withdraw = (...args: string[]) =>
  inProcess(['corpus', 'withdraw', ...args, '--data', at('data'), '--json']);
const TAKEDOWN = ['--takedown', 'archive@example.org'];
const page = (...path: string[]) => readFile(at('data', 'site', 'shelf', ...path), 'utf8');
const kept = async () => (await readdir(at('data', 'site', 'shelf', 'midi'))).sort();

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'pianola-publish-'));
  await mkdir(at('corpus', 'songs'), { recursive: true });
  await mkdir(at('corpus', 'rolls'));
  const song = bandFile(wordsAt([[0, '/la']]));
  await writeFile(at('corpus', 'songs', 'band.mid'), song);
  // The same to hear, though not the same bytes.
  await writeFile(at('corpus', 'songs', 'again.mid'), bandFile(wordsAt([[0, '/lo']])));
  await writeFile(
    at('corpus', 'rolls', 'scale.mid'),
    writeMidiFile({ title: 'Scale', music: scale(9_000), markers: [] }),
  );
  await writeFile(at('corpus', 'rolls', 'bad.mid'), '<html>');
  const origins = [
    'file\tname\turl\tcaptured',
    'band.mid\tThe <b>Band</b>\thttps://example.org/~x/band.mid\t2026-11-28',
  ];
  await writeFile(at('corpus', 'songs', 'provenance.tsv'), `${origins.join('\n')}\n`);
  const words = { name: 'Songs of the harbour', url: 'https://example.org/~x/', rights: 'Free to hear.' };
  await writeFile(at('corpus', 'songs', 'site.json'), JSON.stringify(words));
  const rows = ['songs/band.mid', 'songs/again.mid', 'rolls/scale.mid', 'rolls/bad.mid', '../outside.mid'];
  await writeFile(at('outside.mid'), song);
  await writeFile(
    at('corpus', 'splits.tsv'),
    `${['file\tsplit\tgroup', ...rows.map((file) => `${file}\ttrain\t0`)].join('\n')}\n`,
  );
});
afterAll(() => rm(root, { recursive: true, force: true }));

test('pieces are published by site, each once, and what cannot be is told with its reason', async () => {
  const { code, stdout } = await publish(...TAKEDOWN);
  expect(code).toBe(0);
  const told = JSON.parse(stdout);
  expect(told).toMatchObject({ pieces: 2, duplicates: 1, withdrawn: 0, removed: 0, written: true });
  expect(told.sites).toEqual([
    { slug: 'rolls', name: 'rolls', pieces: 1, url: null, hasRights: false },
    {
      slug: 'songs-of-the-harbour',
      name: 'Songs of the harbour',
      pieces: 1,
      url: 'https://example.org/~x/',
      hasRights: true,
    },
  ]);
  expect(told.refused.map(({ file, code }: { file: string; code: string }) => [file, code])).toEqual([
    ['rolls/bad.mid', 'not_midi'],
    ['../outside.mid', 'leads_outside'],
  ]);
  const songs = await page('songs-of-the-harbour', 'index.html');
  expect(songs).toContain(
    'The &lt;b&gt;Band&lt;/b&gt;</a> <i translate="no">Band</i> <span>0:09, 12 instruments, drums, words</span>',
  );
  expect(songs).toContain('href="https://example.org/~x/band.mid"');
  expect(songs).toContain('<time datetime="2026-11-28">28 November 2026</time>');
  expect(songs).toContain('<blockquote translate="no"><p>Free to hear.</p></blockquote>');
  expect(songs).toContain(
    '<a href="mailto:archive@example.org" rel="noreferrer" translate="no">archive@example.org</a>',
  );
  const [id] = /[0-9a-f]{16}/.exec(songs.slice(songs.indexOf('<li id='))) ?? [];
  expect(await readFile(at('data', 'site', 'shelf', 'midi', `${id}.mid`))).toEqual(
    await readFile(at('corpus', 'songs', 'band.mid')),
  );
  expect(await page('rolls', 'index.html')).toContain('Where they are from was not written down.');
});

test('--dry-run writes nothing', async () => {
  const { stdout } = await inProcess([
    ...['corpus', 'publish', at('corpus'), '--data', at('elsewhere'), '--json', '--dry-run'],
    ...TAKEDOWN,
  ]);
  expect(JSON.parse(stdout)).toMatchObject({ pieces: 2, written: false });
  expect(await readdir(at('elsewhere')).catch(() => [])).not.toContain('site');
});

test('a site.json that is none: 2, with what is wrong, and nothing is written', async () => {
  await writeFile(at('corpus', 'rolls', 'site.json'), '{"name": 7}');
  const { code, stderr } = await publish(...TAKEDOWN);
  await rm(at('corpus', 'rolls', 'site.json'));
  expect(code).toBe(2);
  expect(JSON.parse(stderr).error.message).toContain('"name" is no text');
});

test('what is withdrawn by its link does not come back, nor what sounds the same; --all empties the shelf', async () => {
  const songs = await page('songs-of-the-harbour', 'index.html');
  const [, id] = /<li id="([0-9a-f]{16})"/.exec(songs)!;
  const gone = await withdraw(`https://piano.example/shelf/songs-of-the-harbour/#${id}`);
  expect(JSON.parse(gone.stdout)).toEqual({ withdrawn: [id], unknown: [] });
  expect(await kept()).not.toContain(`${id}.mid`);
  expect(JSON.parse((await publish(...TAKEDOWN)).stdout)).toMatchObject({ pieces: 1, withdrawn: 2 });
  expect(JSON.parse((await withdraw('--all')).stdout).withdrawn).toHaveLength(1);
  expect(await kept()).toEqual([]);
  expect(await page('index.html')).toContain('Nothing is on the shelf yet');
  expect((await publish(...TAKEDOWN)).code).toBe(2);
});

test('no address for a takedown, none that is one, no piece: 2; no corpus: 3', async () => {
  expect((await publish()).code).toBe(2);
  expect((await publish('--takedown', 'somebody')).code).toBe(2);
  expect((await publish('--takedown', 'javascript:alert(1)')).code).toBe(2);
  expect((await withdraw('no-id')).code).toBe(2);
  expect((await withdraw()).code).toBe(2);
  expect((await inProcess(['corpus', 'publish', at('data'), ...TAKEDOWN])).code).toBe(3);
});
