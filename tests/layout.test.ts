import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, test } from '@jest/globals';

/**
 * Who may import whom: the layers of docs/architecture.md, outermost last. A file belongs to the first layer that
 * matches its path; a layer may import itself and those named.
 */
const LAYERS: readonly { name: string; files: RegExp; may: readonly string[] }[] = [
  { name: 'music', files: /^src\/music\//, may: [] },
  { name: 'wire', files: /^src\/wire\.ts$/, may: ['music'] },
  { name: 'schedule', files: /^src\/schedule(\.ts$|\/)/, may: ['music'] },
  { name: 'ports', files: /^src\/ports\.ts$/, may: ['music', 'wire', 'schedule'] },
  { name: 'site', files: /^src\/site\//, may: ['music', 'ports'] },
  {
    name: 'local',
    files: /^src\/local(\.ts$|\/)/,
    may: ['music', 'wire', 'schedule', 'ports', 'use cases', 'adapters'],
  },
  { name: 'use cases', files: /^src\/[\w-]+\.ts$/, may: ['music', 'wire', 'schedule', 'ports', 'site'] },
  { name: 'adapters', files: /^src\/adapters\//, may: ['music', 'wire', 'schedule', 'ports'] },
  { name: 'workers', files: /^src\/workers\//, may: ['music', 'ports', 'use cases', 'adapters'] },
  {
    name: 'lambda',
    files: /^src\/lambda\//,
    may: ['music', 'wire', 'schedule', 'ports', 'use cases', 'adapters', 'workers'],
  },
  {
    name: 'cli',
    files: /^src\/cli\//,
    may: ['music', 'wire', 'schedule', 'ports', 'site', 'use cases', 'adapters', 'workers', 'local'],
  },
  { name: 'web', files: /^web\//, may: ['music', 'wire'] },
];
/** Only these read the environment. */
const MAY_READ_ENV = ['lambda', 'cli', 'local'];

const root = resolve(import.meta.dirname, '..');
const sources = ['src', 'web'].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.[mc]?[jt]s$/.test(name))
    .map((name) => join(folder, name)),
);
const layerOf = (file: string) => LAYERS.find(({ files }) => files.test(file));

/** Paths, from the root, of our own files that a file imports in any form. */
function importsOf(file: string): string[] {
  const text = readFileSync(join(root, file), 'utf8');
  const specifiers = [
    ...text.matchAll(/(?:\bfrom\s*|\bimport\s*\(?\s*|\bnew URL\(\s*)['"](\.[^'"]+\.[mc]?[jt]s)['"]/g),
  ];
  return specifiers.map(([, specifier]) => relative(root, resolve(root, dirname(file), specifier!)));
}

test('every source file belongs to a layer', () => {
  expect(sources.length).toBeGreaterThan(30);
  expect(sources.filter((file) => !layerOf(file))).toEqual([]);
});

describe.each(LAYERS)('$name', ({ name, may }) => {
  const files = sources.filter((file) => layerOf(file)?.name === name);

  test(`imports nothing of ours but ${[name, ...may].join(', ')}`, () => {
    const trespasses = files.flatMap((file) =>
      importsOf(file)
        .filter((target) => ![name, ...may].includes(layerOf(target)?.name ?? `nothing (${target})`))
        .map((target) => `${file} imports ${target}`),
    );
    expect(trespasses).toEqual([]);
  });

  if (!MAY_READ_ENV.includes(name)) {
    test('does not read the environment', () => {
      expect(files.filter((file) => /process\.env\b/.test(readFileSync(join(root, file), 'utf8')))).toEqual(
        [],
      );
    });
  }
});
