import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, test } from '@jest/globals';

type Room = { readonly name: string; readonly files: RegExp; readonly may: readonly string[] };

const BUSINESS = ['music', 'schedule', 'wire', 'ports', 'broadcast', 'compose', 'publish', 'station'];
/**
 * Who may import whom: the rooms of docs/architecture.md. A file belongs to the first room that matches its path; a
 * room may import itself and those named.
 */
const ROOMS: readonly Room[] = [
  { name: 'music', files: /^src\/music\//, may: [] },
  { name: 'schedule', files: /^src\/schedule\//, may: [] },
  { name: 'wire', files: /^src\/wire\.ts$/, may: ['music'] },
  { name: 'ports', files: /^src\/ports\.ts$/, may: ['wire', 'schedule'] },
  { name: 'broadcast', files: /^src\/broadcast\//, may: ['music', 'wire', 'ports', 'schedule'] },
  { name: 'compose', files: /^src\/compose\//, may: ['music', 'ports'] },
  { name: 'publish', files: /^src\/publish\//, may: ['music', 'schedule', 'ports', 'broadcast', 'station'] },
  { name: 'station', files: /^src\/station\//, may: ['schedule', 'ports', 'broadcast', 'publish'] },
  { name: 'adapters', files: /^src\/adapters\//, may: ['ports', 'wire', 'schedule'] },
  { name: 'sampling', files: /^src\/sampling\//, may: ['music', 'ports', 'compose', 'adapters'] },
  { name: 'local', files: /^src\/local\//, may: [...BUSINESS, 'adapters', 'sampling'] },
  { name: 'lambda', files: /^src\/lambda\//, may: [...BUSINESS, 'adapters', 'sampling'] },
  { name: 'cli', files: /^src\/cli\//, may: [...BUSINESS, 'adapters', 'sampling', 'local', 'lambda'] },
  { name: 'score', files: /^web\/score\//, may: ['music', 'wire'] },
  { name: 'listener', files: /^web\/listener\//, may: ['wire', 'score'] },
  { name: 'instrument', files: /^web\/instrument\//, may: ['music', 'score'] },
  { name: 'sound', files: /^web\/sound\//, may: ['music', 'score', 'listener', 'instrument'] },
  { name: 'page', files: /^web\/page\//, may: ['music', 'wire', 'listener', 'roll'] },
  { name: 'published', files: /^web\/published\//, may: ['music', 'page'] },
  { name: 'roll', files: /^web\/roll\//, may: ['music', 'listener', 'page', 'published'] },
  {
    name: 'pages',
    files: /^web\/[\w-]+\.ts$/,
    may: ['music', 'score', 'listener', 'instrument', 'sound', 'page', 'published', 'roll'],
  },
];
/** Only these read the environment. */
const MAY_READ_ENV = ['lambda', 'cli', 'local'];

const root = resolve(import.meta.dirname, '..');
const sources = ['src', 'web'].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.[mc]?[jt]s$/.test(name))
    .map((name) => join(folder, name)),
);
const roomOf = (file: string) => ROOMS.find(({ files }) => files.test(file));

/** Paths, from the root, of our own files that a file imports in any form. */
function importsOf(file: string): string[] {
  const text = readFileSync(join(root, file), 'utf8');
  const specifiers = [
    ...text.matchAll(/(?:\bfrom\s*|\bimport\s*\(?\s*|\bnew URL\(\s*)['"](\.[^'"]+\.[mc]?[jt]s)['"]/g),
  ];
  return specifiers.map(([, specifier]) => relative(root, resolve(root, dirname(file), specifier!)));
}

test('every source file belongs to a room', () => {
  expect(sources.length).toBeGreaterThan(30);
  expect(sources.filter((file) => !roomOf(file))).toEqual([]);
});

describe.each(ROOMS)('$name', ({ name, may }) => {
  const files = sources.filter((file) => roomOf(file)?.name === name);

  test(`imports nothing of ours but ${[name, ...may].join(', ')}`, () => {
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
      expect(files.filter((file) => reads.test(readFileSync(join(root, file), 'utf8')))).toEqual([]);
    });
  }
});
