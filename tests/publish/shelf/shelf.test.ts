/** The shelf in public: what is on it, in which order it is written, and that nothing in it is more than text. */
import { expect, test } from '@jest/globals';
import { memoryBlobs } from '../../../src/adapters/memory/blobs.ts';
import type { Blobs } from '../../../src/ports.ts';
import {
  PIECES_A_PAGE,
  type ShelfPiece,
  type ShelfSite,
  slugOf,
  webAddress,
} from '../../../src/publish/shelf/piece.ts';
import {
  layOutShelf,
  publishShelf,
  readShelf,
  readWithdrawn,
  withdraw,
} from '../../../src/publish/shelf/shelf.ts';

const TAKEDOWN = { href: 'mailto:archive@example.org', text: 'archive@example.org' };
const idOf = (i: number) => i.toString(16).padStart(16, '0');
const piece = (i: number, more: Partial<ShelfPiece> = {}): ShelfPiece => ({
  ...{ id: idOf(i), name: `Piece ${i}`, title: '', url: null, captured: null },
  ...{ seconds: 61.5, programs: 1, hasPercussion: false, hasWords: false },
  ...more,
});
const site = (name: string, pieces: readonly ShelfPiece[], more: Partial<ShelfSite> = {}): ShelfSite => ({
  ...{ slug: slugOf(name), name, url: null, rights: null, pieces },
  ...more,
});
const midiOf = async (id: string) => new TextEncoder().encode(id);
const textOf = async (files: Blobs, name: string) => new TextDecoder().decode((await files.read(name))!);
const names = async (files: Blobs) => (await files.names('shelf/')).map(({ name }) => name);

test('files come first, then the pages of sites, the list of all last: a link never leads to nothing', async () => {
  const files = memoryBlobs();
  const order: string[] = [];
  const told: [number, number][] = [];
  const watched = {
    ...files,
    async write(name: string, body: Uint8Array | string) {
      order.push(name);
      await files.write(name, body);
    },
  };
  await publishShelf([site('Harbour', [piece(1)]), site('Mill', [piece(2)])], TAKEDOWN, {
    ...{ files: watched, midiOf },
    onWritten: (written, of) => told.push([written, of]),
  });
  expect(order).toEqual([
    `shelf/midi/${idOf(1)}.mid`,
    `shelf/midi/${idOf(2)}.mid`,
    'shelf/harbour/index.html',
    'shelf/mill/index.html',
    'shelf/shelf.json',
    'shelf/index.html',
  ]);
  expect(told.at(-1)).toEqual([6, 6]);
  expect(await textOf(files, `shelf/midi/${idOf(2)}.mid`)).toBe(idOf(2));
});

test('publishing again changes no byte and asks for no file; what is left out goes', async () => {
  const files = memoryBlobs();
  const both = [site('Harbour', [piece(1), piece(2)]), site('Mill', [piece(3)])];
  await publishShelf(both, TAKEDOWN, { files, midiOf });
  const before = await Promise.all((await names(files)).map((name) => textOf(files, name)));
  await publishShelf(both, TAKEDOWN, { files, midiOf: () => Promise.reject(new Error('asked for')) });
  expect(await Promise.all((await names(files)).map((name) => textOf(files, name)))).toEqual(before);
  const { removed } = await publishShelf([site('Harbour', [piece(2)])], TAKEDOWN, { files, midiOf });
  expect(removed).toBe(3);
  expect(await names(files)).toEqual([
    ...['shelf/harbour/index.html', 'shelf/index.html', `shelf/midi/${idOf(2)}.mid`, 'shelf/shelf.json'],
  ]);
});

test('four hundred pieces a page; each page names its own, and the search knows on which it is', async () => {
  const files = memoryBlobs();
  const many = Array.from({ length: PIECES_A_PAGE + 1 }, (_, i) => piece(i));
  await publishShelf([site('Mill', many)], TAKEDOWN, { files, midiOf });
  const ids = async (name: string) =>
    [...(await textOf(files, name)).matchAll(/<li id="([0-9a-f]{16})"/g)].map(([, id]) => id);
  expect(await ids('shelf/mill/index.html')).toEqual(many.slice(0, -1).map(({ id }) => id));
  expect(await ids('shelf/mill/2/index.html')).toEqual([many.at(-1)!.id]);
  const shelf = (await readShelf(files))!;
  expect(shelf.sites[0]!.pieces.at(-1)).toMatchObject({
    page: '/shelf/mill/2/',
    facts: '1:01, 1 instrument',
  });
});

test('names, titles, rights and links of others are text, whatever they hold', async () => {
  const files = memoryBlobs();
  const evil = `"><script>alert(1)</script><img src=x onerror='alert(2)'>\u0000`;
  const pieces = [
    piece(1, { name: evil, title: evil, url: webAddress('https://example.org/%22%3E<b>.mid?a=1&b="') }),
  ];
  await publishShelf(
    [site(evil, pieces, { slug: 'evil', rights: `${evil}\nsecond line`, url: 'https://example.org/' })],
    TAKEDOWN,
    { files, midiOf },
  );
  for (const name of ['shelf/index.html', 'shelf/evil/index.html']) {
    const text = await textOf(files, name);
    expect(text).not.toMatch(/<script>|<img|onerror='/);
    expect(text).not.toContain('\u0000');
    expect([...text.matchAll(/<script\b[^>]*>/g)].map(([tag]) => tag)).toEqual([
      '<script src="/theme.js">',
      '<script type="module" src="/shelf.js">',
    ]);
  }
  const page = await textOf(files, 'shelf/evil/index.html');
  expect(page).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
  expect(page).toContain('<p>second line</p></blockquote>');
  expect(page).toContain(
    'href="https://example.org/%22%3E%3Cb%3E.mid?a=1&amp;b=%22" rel="nofollow noreferrer"',
  );
  for (const bad of [
    'javascript:alert(1)',
    'data:text/html,x',
    'file:///etc/passwd',
    '/x',
    'https://a:b@example.org/',
    '',
  ])
    expect(webAddress(bad)).toBeNull();
});

test('what is withdrawn is gone at once, and stays away', async () => {
  const files = memoryBlobs();
  await publishShelf([site('Harbour', [piece(1)]), site('Mill', [piece(2), piece(3)])], TAKEDOWN, {
    files,
    midiOf,
  });
  expect(await withdraw(new Set([idOf(1), idOf(3), idOf(9)]), files)).toEqual([idOf(1), idOf(3)]);
  expect(await names(files)).toEqual([
    ...['shelf/index.html', `shelf/midi/${idOf(2)}.mid`, 'shelf/mill/index.html', 'shelf/shelf.json'],
    'shelf/withdrawn.json',
  ]);
  expect(await textOf(files, 'shelf/index.html')).not.toContain('Harbour');
  expect(await readWithdrawn(files)).toEqual(new Set([idOf(1), idOf(3), idOf(9)]));
});

test('an empty shelf says so, once, and is never laid over a full one', async () => {
  const files = memoryBlobs();
  const asSite = {
    get: (path: string) => files.read(path),
    put: (path: string, body: Uint8Array | string) => files.write(path, body),
  };
  await layOutShelf(asSite);
  const empty = await textOf(files, 'shelf/index.html');
  expect(empty).toContain('Nothing is on the shelf yet');
  expect(empty).not.toContain('id="player"');
  await publishShelf([site('Mill', [piece(1)])], TAKEDOWN, { files, midiOf });
  await layOutShelf(asSite);
  expect(await textOf(files, 'shelf/index.html')).toContain('1 MIDI file from 1 place');
});

test('a site is called by what its address may hold', () => {
  expect([slugOf('Müller’s Mühle / 2'), slugOf('…'), slugOf('x'.repeat(99))]).toEqual([
    ...['muller-s-muhle-2', 'site', 'x'.repeat(60)],
  ]);
});
