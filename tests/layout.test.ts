import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, test } from '@jest/globals';

type Room = { readonly name: string; readonly files: RegExp; readonly may: readonly string[] };

/** What the station does, without the world around it. */
const BUSINESS = [
  'music',
  'words',
  'schedule',
  'wire',
  'ports',
  'broadcast',
  'compose',
  'publish',
  'continue',
  'station',
] as const;
const SERVER = [...BUSINESS, 'adapters', 'sampling', 'engraving', 'rendering'];
const PAGE = [
  'site',
  'language',
  'score',
  'listener',
  'instrument',
  'sound',
  'page',
  'published',
  'offline',
  'roll',
  'play',
];
/**
 * Who may import whom: the rooms of docs/architecture.md. A file belongs to the first room that matches its path; a
 * room may import itself and those named.
 */
const ROOMS: readonly Room[] = [
  { name: 'music', files: /^src\/music\//, may: [] },
  { name: 'words', files: /^src\/(words|errors)\.ts$/, may: [] },
  { name: 'thread', files: /^src\/thread\.ts$/, may: [] },
  { name: 'turns', files: /^src\/in-turn\.ts$/, may: [] },
  { name: 'schedule', files: /^src\/schedule\//, may: [] },
  { name: 'wire', files: /^src\/wire\.ts$/, may: ['music'] },
  { name: 'ports', files: /^src\/ports(\.ts$|\/)/, may: ['wire', 'schedule'] },
  { name: 'broadcast', files: /^src\/broadcast\//, may: ['music', 'words', 'wire', 'ports', 'schedule'] },
  { name: 'compose', files: /^src\/compose\//, may: ['music', 'words', 'ports'] },
  {
    name: 'publish',
    files: /^src\/publish\//,
    may: ['music', 'words', 'turns', 'schedule', 'ports', 'broadcast'],
  },
  {
    name: 'continue',
    files: /^src\/continue\//,
    may: ['music', 'words', 'ports', 'compose', 'publish'],
  },
  { name: 'station', files: /^src\/station\//, may: ['words', 'schedule', 'ports', 'broadcast', 'publish'] },
  { name: 'adapters', files: /^src\/adapters\//, may: ['turns', 'ports', 'wire', 'schedule'] },
  { name: 'sampling', files: /^src\/sampling\//, may: ['music', 'words', 'ports', 'compose', 'adapters'] },
  { name: 'engraving', files: /^src\/engraving\//, may: ['ports', 'thread'] },
  {
    name: 'rendering',
    files: /^src\/rendering\//,
    may: ['music', 'words', 'ports', 'thread', 'score', 'instrument'],
  },
  { name: 'local', files: /^src\/local\//, may: SERVER },
  { name: 'lambda', files: /^src\/lambda\//, may: SERVER },
  { name: 'cli', files: /^src\/cli\//, may: [...SERVER, 'local', 'lambda'] },
  { name: 'site', files: /^web\/site\//, may: [] },
  { name: 'language', files: /^web\/language\//, may: ['words', 'site'] },
  { name: 'score', files: /^web\/score\//, may: ['music', 'wire', 'language'] },
  { name: 'listener', files: /^web\/listener\//, may: ['wire', 'score', 'site'] },
  { name: 'instrument', files: /^web\/instrument\//, may: ['music', 'score', 'site'] },
  { name: 'sound', files: /^web\/sound\//, may: ['music', 'score', 'listener', 'instrument', 'language'] },
  { name: 'page', files: /^web\/page\//, may: ['music', 'words', 'wire', 'listener', 'language', 'site'] },
  { name: 'published', files: /^web\/published\//, may: ['music', 'words', 'page', 'language', 'site'] },
  { name: 'offline', files: /^web\/offline\//, may: ['published', 'language', 'site'] },
  {
    name: 'roll',
    files: /^web\/roll\//,
    may: ['music', 'words', 'listener', 'page', 'published', 'language'],
  },
  {
    name: 'play',
    files: /^web\/play\//,
    may: ['music', 'words', 'instrument', 'sound', 'roll', 'language', 'site'],
  },
  { name: 'shelf', files: /^web\/shelf\//, may: ['music', 'words', 'page', 'published', 'language', 'site'] },
  { name: 'pages', files: /^web\/[\w-]+\.ts$/, may: ['music', 'words', ...PAGE] },
];
/** Only these read the environment. */
const MAY_READ_ENV = ['lambda', 'cli', 'local'];
const MOST_LINES = 260;
const MOST_FILES = 20;

const root = resolve(import.meta.dirname, '..');
const all = ['src', 'web'].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => relative(root, join(parentPath, name))),
);
const sources = all.filter((file) => /\.[mc]?[jt]s$/.test(file));
const textOf = (file: string) => readFileSync(join(root, file), 'utf8');
const roomOf = (file: string) => ROOMS.find(({ files }) => files.test(file));

/** What a file imports, in any form: as it is written. */
const specifiersOf = (file: string): readonly string[] =>
  [...textOf(file).matchAll(/(?:\bfrom\s*|\bimport\s*\(?\s*|\bnew URL\(\s*)['"]([^'"]+)['"]/g)].map(
    ([, specifier]) => specifier!,
  );

/** Paths, from the root, of our own files that a file imports. */
const importsOf = (file: string): readonly string[] =>
  specifiersOf(file)
    .filter((specifier) => /^\..*\.[mc]?[jt]s$/.test(specifier))
    .map((specifier) => relative(root, resolve(root, dirname(file), specifier)));

/** What is not ours: of npm or Node. */
const foreignOf = (file: string): readonly string[] =>
  specifiersOf(file).filter((specifier) => /^(node:|@?[a-z])/.test(specifier));

test('every source file belongs to a room', () => {
  expect(sources.length).toBeGreaterThan(200);
  expect(sources.filter((file) => !roomOf(file))).toEqual([]);
});

test('docs/architecture.md says the same', () => {
  const rows = [...textOf('docs/architecture.md').matchAll(/^\| ([a-z]+) \| `[^|]+ \| ([a-z, –]+) \|$/gm)];
  const told = rows.map(([, name, may]) => [name, may === '–' ? [] : may!.split(', ')]);
  expect(told).toEqual(ROOMS.map(({ name, may }) => [name, may]));
});

describe.each(ROOMS)('$name', ({ name, may }) => {
  const files = sources.filter((file) => roomOf(file)?.name === name);

  test(`imports nothing of ours but ${[name, ...may].join(', ')}`, () => {
    expect(files).not.toEqual([]);
    const trespasses = files.flatMap((file) =>
      importsOf(file)
        .filter((target) => ![name, ...may].includes(roomOf(target)?.name ?? `nothing (${target})`))
        .map((target) => `${file} imports ${target}`),
    );
    expect(trespasses).toEqual([]);
  });

  if (!MAY_READ_ENV.includes(name)) {
    test('does not read the environment', () => {
      // One module sets a variable, and reads none.
      const reads = /process\.env\b(?!\.ORT_DISABLE_TELEMETRY = )/;
      expect(files.filter((file) => reads.test(textOf(file)))).toEqual([]);
    });
  }
});

test('no file imports itself, by whatever way round', () => {
  const circles: string[] = [];
  const done = new Set<string>();
  const visit = (file: string, way: readonly string[]): void => {
    const at = way.indexOf(file);
    if (at >= 0) circles.push([...way.slice(at), file].join(' → '));
    if (at >= 0 || done.has(file)) return;
    for (const target of importsOf(file)) visit(target, [...way, file]);
    done.add(file);
  };
  for (const file of sources) visit(file, []);
  expect(circles).toEqual([]);
});

test('music needs nothing that is not in the language', () => {
  const needs = sources
    .filter((file) => roomOf(file)?.name === 'music')
    .flatMap((file) => foreignOf(file).map((specifier) => `${file} imports ${specifier}`));
  expect(needs).toEqual([]);
});

test('nothing that the page is made of needs Node', () => {
  const reached = new Set<string>();
  const visit = (file: string): void => {
    if (reached.has(file)) return;
    reached.add(file);
    for (const target of importsOf(file)) visit(target);
  };
  for (const file of sources.filter((source) => source.startsWith('web/'))) visit(file);
  expect([...reached].some((file) => file.startsWith('src/music/'))).toBe(true);
  const needs = [...reached].flatMap((file) =>
    foreignOf(file)
      .filter((specifier) => specifier.startsWith('node:'))
      .map((specifier) => `${file} imports ${specifier}`),
  );
  expect(needs).toEqual([]);
});

test(`no folder has more than ${MOST_FILES} files lying loose in it`, () => {
  const counts = new Map<string, number>();
  for (const file of all) counts.set(dirname(file), (counts.get(dirname(file)) ?? 0) + 1);
  expect([...counts].filter(([, count]) => count > MOST_FILES)).toEqual([]);
});

test(`no file has more than ${MOST_LINES} lines`, () => {
  const long = sources
    .map((file) => [file, textOf(file).trimEnd().split('\n').length] as const)
    .filter(([, lines]) => lines > MOST_LINES);
  expect(long).toEqual([]);
});
