/** Where the pieces of a corpus are from, beside them: `site.json` a source, which operators may write, and `provenance.tsv`. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { replaceFile } from '../../../adapters/disk/atomic-file.ts';
import { CliError } from '../../terminal/output.ts';

/** `url`: of the site itself. `rights`: its own words; null: none were found. */
export type SiteWords = {
  readonly name: string;
  readonly url: string | null;
  readonly rights: string | null;
};
/** `file`: within the source. `name`: what it was called there. `captured`: `YYYY-MM-DD`. */
export type Origin = {
  readonly file: string;
  readonly name: string;
  readonly url: string | null;
  readonly captured: string | null;
};

/** Longer ones are cut: a page quotes them. */
const MOST_RIGHTS = 4_000;
const FILES = { site: 'site.json', origins: 'provenance.tsv' } as const;
/** What may lie beside music, in the order in which it is looked for. */
const LICENCES = ['RIGHTS.txt', 'LICENSE.txt', 'LICENSE.md', 'LICENSE', 'COPYING', 'COPYRIGHT.txt'];

/**
 * What a directory says of itself: its `site.json`, else the licence that lies in it.
 * @param name of it, where it tells none
 * @throws CliError where `site.json` is none
 */
export async function siteOf(directory: string, name: string): Promise<SiteWords> {
  const text = await textOf(join(directory, FILES.site));
  if (text !== null) return parseSite(text, join(directory, FILES.site), name);
  for (const file of LICENCES) {
    const rights = await textOf(join(directory, file));
    if (rights !== null) return { name, url: null, rights: rights.slice(0, MOST_RIGHTS) };
  }
  return { name, url: null, rights: null };
}

function parseSite(text: string, path: string, name: string): SiteWords {
  const bad = (what: string, cause?: unknown) =>
    new CliError('usage', 'bad_site', `${path}: ${what}; give {"name", "url", "rights"}, each a text`, {
      cause,
    });
  let value: Record<string, unknown>;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw bad('it is no JSON', cause);
  }
  for (const key of ['name', 'url', 'rights'] as const)
    if (!['string', 'undefined'].includes(typeof (value?.[key] ?? undefined)))
      throw bad(`"${key}" is no text`);
  const { name: own, url, rights } = value as Partial<Record<keyof SiteWords, string | null>>;
  return { name: own?.trim() || name, url: url || null, rights: rights?.slice(0, MOST_RIGHTS) || null };
}

/** By file; empty where none were written down. */
export async function originsOf(directory: string): Promise<ReadonlyMap<string, Origin>> {
  const table = (await textOf(join(directory, FILES.origins))) ?? '';
  const rows = table.split('\n').slice(1);
  return new Map(
    rows
      .map((row) => row.split('\t'))
      .filter(([file]) => file)
      .map(([file = '', name = '', url = '', captured = '']) => [
        file,
        { file, name, url: url || null, captured: /^\d{4}-\d{2}-\d{2}$/.test(captured) ? captured : null },
      ]),
  );
}

export async function writeProvenance(
  directory: string,
  site: SiteWords,
  origins: readonly Origin[],
): Promise<void> {
  const rows = origins.map(({ file, name, url, captured }) =>
    [file, cell(name), cell(url ?? ''), captured ?? ''].join('\t'),
  );
  await replaceFile(join(directory, FILES.origins), `${['file\tname\turl\tcaptured', ...rows].join('\n')}\n`);
  await replaceFile(join(directory, FILES.site), `${JSON.stringify(site, null, 2)}\n`);
}

/** Names of others: what a table reads as its own becomes a blank. */
const cell = (text: string): string => text.replace(/\p{Cc}+/gu, ' ').trim();

const textOf = (path: string): Promise<string | null> => readFile(path, 'utf8').catch(() => null);
