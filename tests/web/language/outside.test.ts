/** Finds what a visitor can read and what is in none of the languages. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { buildPage, playOnStage } from '../../../src/adapters/net/page-bundle.ts';
import { toMusic } from '../../../src/music/note.ts';
import { shelfPage, sitePage } from '../../../src/publish/shelf/pages.ts';
import { archivePage } from '../../../src/publish/site/archive-page.ts';
import { dayPage } from '../../../src/publish/site/day-page.ts';
import { english } from '../../../web/language/english.ts';
import { reader, type Tongue } from '../../../web/language/reader.ts';
import { speak } from '../../../web/language/words.ts';
import { note } from '../../support/music.ts';
import { ENTRIES, recordOf } from './published-days.ts';
import { PLAY, SHELF, TONGUES, within } from './rooms.ts';

const web = new URL('../../../web/', import.meta.url).pathname;
const file = (path: string) => readFileSync(join(web, path), 'utf8');

/** What is no language: names, marks of formats and licences, hashes, instants, figures. */
const NO_WORDS =
  /^((Mill|A box) · Pianola|Pianola|RSS|MIT|MIDI|SpessaSynth|\(Apache 2\.0\)\.|CC BY [34]\.0|[\da-f]{12}|[\d-]+ [\d:]+ UTC|\d+ ms|\d{4}-W\d\d|W?\d+|\P{L}*|·|½×|¾×)$/u;

const decoded = (text: string) =>
  text
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&quot;/g, '"')
    .replace(/&#39;|&apos;/g, '’')
    .replace(/&amp;/g, '&');

/** Texts and spoken attributes of a page's body, and its title, blanks as one; not what others have written. */
function readable(html: string): string[] {
  const title = /<title>([^<]*)<\/title>/.exec(html)?.[1] ?? '';
  const body = (/<body[\s\S]*<\/body>/.exec(html)?.[0] ?? '').replace(
    /<(script|style|code|noscript)\b[\s\S]*?<\/\1>|<(\w+)\b[^>]* translate="no"[^>]*>[\s\S]*?<\/\2>|<!--[\s\S]*?-->/g,
    '<>',
  );
  const attributes = [...body.matchAll(/\s(?:aria-label|alt|title)="([^"]*)"/g)].map(([, text]) => text!);
  const texts = body.replace(/<[^>]*>/g, '\u0000').split('\u0000');
  return [title, ...attributes, ...texts]
    .map((text) => decoded(text).replace(/\s+/g, ' ').trim())
    .filter(Boolean);
}

const [newest, oldest] = [ENTRIES[0]!, ENTRIES.at(-1)!];
const PAGES: Readonly<Record<string, string>> = {
  live: file('index.html'),
  embed: file('embed.html'),
  404: file('404.html'),
  day: dayPage({
    entry: newest,
    record: recordOf(newest),
    music: toMusic([note(0, 500, 60, 80)]),
    previous: ENTRIES[1]!,
    next: oldest,
    siteUrl: 'https://piano.example',
    sheetPages: 3,
  }),
  'bare day': dayPage({
    entry: oldest,
    record: recordOf(oldest),
    music: toMusic([note(0, 500, 60, 80)]),
    previous: null,
    next: null,
    siteUrl: '',
    sheetPages: 1,
  }),
  'young archive': archivePage({ schema: 1, performances: ENTRIES.slice(0, 2) } as never, '2026', ''),
  archive: archivePage({ schema: 1, performances: ENTRIES } as never, '2026', ''),
  'empty archive': archivePage({ schema: 1, performances: [] } as never, null, ''),
};

const PIECE = {
  ...{ id: '0123456789abcdef', name: 'Waltz', title: 'The harbour', url: 'https://example.org/a.mid' },
  ...{ captured: '1999-05-03', seconds: 192, programs: 12, hasPercussion: true, hasWords: true },
};
const BARE = { ...PIECE, programs: 1, url: null, captured: null, hasPercussion: false, hasWords: false };
const LATER = { ...PIECE, captured: '2001-06-01' };
const MILL = { slug: 'mill', name: 'Mill', url: 'https://example.org/', rights: 'Free to hear.' };
const BOX = { slug: 'box', name: 'A box', url: null, rights: null };
const TAKEDOWN = { href: 'mailto:archive@example.org', text: 'archive@example.org' };
const PIECES_OF_TWO_PAGES = Array(500).fill(PIECE);
const SHELF_PAGES: Readonly<Record<string, string>> = {
  'empty shelf': shelfPage([], null),
  'shelf of one': shelfPage([{ ...BOX, pieces: [BARE] }], TAKEDOWN),
  'shelf of one place': shelfPage([{ ...MILL, pieces: [PIECE, LATER] }], TAKEDOWN),
  shelf: shelfPage(
    [
      { ...MILL, pieces: PIECES_OF_TWO_PAGES },
      { ...BOX, pieces: [BARE] },
    ],
    TAKEDOWN,
  ),
  'site of one': sitePage({ ...BOX, pieces: [BARE] }, 1, TAKEDOWN),
  'site of one day': sitePage({ ...BOX, pieces: [PIECE] }, 1, TAKEDOWN),
  'site of some': sitePage({ ...BOX, pieces: [BARE, BARE] }, 1, TAKEDOWN),
  'site of two days': sitePage({ ...MILL, pieces: [PIECE, LATER] }, 1, TAKEDOWN),
  'site of two pages': sitePage({ ...MILL, pieces: PIECES_OF_TWO_PAGES }, 2, TAKEDOWN),
};
const onStage = async () => {
  const page = playOnStage(await buildPage()).get('/play/')!;
  return new TextDecoder().decode(page.body);
};
const ALL: readonly (readonly [string, () => string | Promise<string>, readonly Tongue[]])[] = [
  ...Object.entries(PAGES).map(([name, html]) => [name, () => html, TONGUES] as const),
  ['play', () => file('play/index.html'), within(PLAY)],
  ['play on a stage', onStage, within(PLAY)],
  ...Object.entries(SHELF_PAGES).map(([name, html]) => [name, () => html, within(SHELF)] as const),
];

test.each(ALL)('%s: all that is printed there is read in each language', async (_, html, tongues) => {
  const texts = readable(await html());
  expect(texts.length).toBeGreaterThan(5);
  for (const tongue of tongues) {
    speak(tongue);
    const read = reader(tongue);
    const unread = texts.filter((text) => !NO_WORDS.test(text) && read(text) === null);
    expect([tongue.code, unread]).toEqual([tongue.code, []]);
  }
  speak(english);
});

/** The words themselves, and what is looked at by those who develop it. */
const APART = /^language\/|^page\/fixtures\.ts$/;
/** Names that the DOM gives keys, selectors, types of files and the like: read by nobody. */
const READ_BY_NOBODY = [
  /^(Home|End|Enter|Escape|Arrow(Left|Right|Up|Down)|Pianola|Notification|AudioContext|OfflineAudioContext|OffscreenCanvas|NotAllowedError|SecurityError|MIDI|Etc\/|Key[A-Z]|Digit\d)$/,
  // Selectors and CSS values.
  /^[a-z#.[:*>][^A-Z]*$/,
  // Lengths of CSS.
  /^[\d\w]+( (auto|\d\w*))+$/,
  // A title within a file, in the letters that such files have.
  /^Played here$/,
  /\(prefers-|^@|^\[data|requestMIDIAccess|^M[-\d]/,
];

/** What stands in quotes in a file, without its comments; templates in parts. */
function quoted(source: string): string[] {
  const bare = source
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/(^|\s)\/\/.*$/gm, '$1')
    // What a fault says is for those who read faults, or the console.
    .replace(/(?:new \w*Error|console\.\w+|\.dropped)\([\s\S]*?\)(?=[;,\n])/g, '');
  const strings = [...bare.matchAll(/'((?:[^'\\\n]|\\.)*)'/g)].map(([, text]) => text!);
  const templates = [...bare.matchAll(/`((?:[^`\\]|\\.)*)`/g)].flatMap(([, text]) =>
    text!.split(/\$\{[^}]*\}/),
  );
  return [...strings, ...templates].filter((text) => !/^\.{1,2}\//.test(text));
}

/** A sentence, or a word as it begins one. */
const LOOKS_READ = /^\p{Lu}\p{Ll}+|\p{L}{2,} \p{L}{2,}|’/u;

test('no script of the pages says anything but by the words of a language', () => {
  const files = readdirSync(web, { recursive: true, encoding: 'utf8' }).filter(
    (path) => path.endsWith('.ts') && !APART.test(path),
  );
  expect(files.length).toBeGreaterThan(70);
  const found = files.flatMap((path) =>
    quoted(file(path))
      .filter(
        (text) => LOOKS_READ.test(text.trim()) && !READ_BY_NOBODY.some((known) => known.test(text.trim())),
      )
      .map((text) => `${path}: ${text}`),
  );
  expect(found).toEqual([]);
});
