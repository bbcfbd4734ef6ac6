import { hash } from 'node:crypto';
import { mkdir, realpath, rm, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { replaceFile } from '../../../adapters/disk/atomic-file.ts';
import { musicOf } from '../../../music/midi/file.ts';
import { CliError, printJson, printLine, say } from '../../terminal/output.ts';
import { progressBar } from '../../terminal/progress.ts';
import { type Found, filesBelow, nameFor } from './files.ts';
import { type Refused, refusedText } from './pieces.ts';
import { type SiteWords, siteOf, writeProvenance } from './provenance.ts';
import { readBounded } from './read-bounded.ts';
import { type Collected, checkSites, collectSite, isSite, type WebOptions } from './web/collect-site.ts';

export type Options = {
  out: string;
  heldOut: number;
  dryRun?: boolean;
  force?: boolean;
  json?: boolean;
} & WebOptions;
type Kept = {
  readonly found: Found;
  readonly file: string;
  readonly group: string;
  readonly notes: number;
} & {
  readonly seconds: number;
  readonly distinctVelocities: number;
  /** Codes of docs/midi.md. */
  readonly repairs: readonly string[];
};

/** What is being fetched lies here, until the corpus is whole. */
const COLLECTING = '.collecting';

/**
 * Gathers the MIDI files below directories, and of sites, into a corpus: what the strict reader takes, the same music once, as
 * `<source>/<name>.mid`, with metadata.tsv, provenance.tsv and site.json a source and splits.tsv for all.
 */
export async function collect(places: readonly string[], options: Options): Promise<void> {
  const sites = places.filter(isSite);
  checkSites(sites, options);
  const captured = new Date().toISOString().slice(0, 10);
  const found: Found[] = [];
  const words = new Map<string, SiteWords>();
  for (const directory of places.filter((place) => !isSite(place))) {
    const files = await filesBelow(directory, options.out, captured);
    found.push(...files);
    const [{ source } = { source: '' }] = files;
    if (source !== '') words.set(source, await siteOf(directory, basename(resolve(directory))));
  }
  if (found.length === 0 && sites.length === 0) {
    throw new CliError('notFound', 'no_music', `there is no .mid or .midi file in ${places.join(', ')}`);
  }
  const root = options.dryRun ? null : await openOut(options);
  const web: Collected[] = [];
  for (const site of sites) {
    const collected = await collectSite(site, join(root!, COLLECTING), options);
    web.push(collected);
    found.push(...collected.found);
    words.set(collected.source, collected.words);
  }
  const kept = new Map<string, Kept>();
  const names = new Set<string>();
  const refused: Refused[] = web.flatMap((each) => each.refused);
  let duplicates = 0;
  const bar = progressBar(`Collecting into ${options.out}`);
  try {
    for (const [index, piece] of found.entries()) {
      bar.update(index / found.length, `${index} of ${found.length}`);
      const read = await readBounded(piece.path);
      if (!('reading' in read)) {
        refused.push({ file: piece.path, ...read });
        continue;
      }
      const { notes, durationMs } = musicOf(read.reading).music;
      const group = hash('sha256', JSON.stringify(notes));
      if (kept.has(group)) {
        duplicates++;
        continue;
      }
      const file = nameFor(piece, group, names);
      if (root !== null) await place(root, file, read.bytes);
      const distinctVelocities = new Set(notes.map(({ velocity }) => velocity)).size;
      const repairs = read.reading.repairs.map(({ code }) => code);
      const seconds = durationMs / 1000;
      kept.set(group, {
        found: piece,
        file,
        group,
        notes: notes.length,
        seconds,
        distinctVelocities,
        repairs,
      });
    }
  } finally {
    bar.done();
  }
  const all = [...kept.values()].sort((a, b) => (a.file < b.file ? -1 : 1));
  if (root !== null && all.length > 0) {
    await writeTables(root, all, words, options.heldOut);
    await rm(join(root, COLLECTING), { recursive: true, force: true });
  }
  tell(options, all, duplicates, refused, web);
}

/** The place is looked at before any long work. */
async function openOut({ out, force }: Options): Promise<string> {
  const deny = (cause: unknown) =>
    new CliError('denied', 'not_writable', `${out} cannot be written: take another --out`, { cause });
  await mkdir(out, { recursive: true }).catch((cause: unknown) => {
    throw deny(cause);
  });
  const root = await realpath(out);
  const there = await stat(join(root, 'splits.tsv')).catch(() => null);
  if (there && !force) {
    const message = `${out} has a corpus already: take another --out, or make it anew, of all directories, with --force`;
    throw new CliError('conflict', 'exists', message);
  }
  return root;
}

/** A link that stands where a source's folder should be would lead us out; one in a file's place is replaced, not followed. */
async function place(root: string, file: string, bytes: Uint8Array): Promise<void> {
  const folder = join(root, dirname(file));
  await mkdir(folder, { recursive: true });
  if ((await realpath(folder)) !== folder) {
    throw new CliError('denied', 'leads_outside', `${folder} is a link: take another --out`);
  }
  await replaceFile(join(root, file), bytes);
}

/** By the music alone: what is added later moves nothing from one split to another. @param heldOut of a hundred */
function splitOf(group: string, heldOut: number): 'train' | 'valid' | 'test' {
  const at = Number.parseInt(group.slice(0, 8), 16) % 1000;
  if (at < 10 * heldOut) return 'valid';
  return at < 20 * heldOut ? 'test' : 'train';
}

/** The splits come last: as long as they are missing there is no corpus. */
async function writeTables(
  root: string,
  all: readonly Kept[],
  words: ReadonlyMap<string, SiteWords>,
  heldOut: number,
): Promise<void> {
  for (const source of new Set(all.map(({ file }) => dirname(file)))) {
    const own = all.filter(({ file }) => dirname(file) === source);
    const origins = own.map(({ file, found }) => ({ ...found, file: basename(file) }));
    await writeProvenance(join(root, source), words.get(source)!, origins);
    const rows = own.map((piece) => [
      basename(piece.file),
      piece.notes,
      piece.seconds.toFixed(1),
      piece.distinctVelocities,
    ]);
    await replaceFile(
      join(root, source, 'metadata.tsv'),
      table(['file', 'notes', 'seconds', 'distinct_velocities'], rows),
    );
  }
  const rows = all.map(({ file, group }) => [file, splitOf(group, heldOut), group.slice(0, 16)]);
  await replaceFile(join(root, 'splits.tsv'), table(['file', 'split', 'group'], rows));
}

const table = (...[head, rows]: [readonly string[], readonly (readonly (string | number)[])[]]): string =>
  `${[head, ...rows].map((row) => row.join('\t')).join('\n')}\n`;

function tell(
  options: Options,
  all: readonly Kept[],
  duplicates: number,
  refused: readonly Refused[],
  web: readonly Collected[],
): void {
  const splits = { train: 0, valid: 0, test: 0 };
  for (const { group } of all) splits[splitOf(group, options.heldOut)]++;
  const repaired = all
    .filter(({ repairs }) => repairs.length > 0)
    .map(({ file, repairs }) => ({ file, repairs }));
  if (options.json) {
    printJson({
      out: options.out,
      written: !options.dryRun,
      pieces: all.length,
      duplicates,
      repaired,
      refused,
      splits,
      sites: web.map(({ words, pages, found, requests }) => ({
        ...{ url: words.url, pages, files: found.length, requests },
      })),
    });
  } else {
    for (const one of refused) say(`left out ${refusedText(one)}`);
    for (const { file, repairs } of repaired) say(`repaired ${file}: ${repairs.join(', ')}`);
    for (const { words, pages, found, requests } of web)
      say(`${words.url}: ${requests} requests, ${pages} pages, ${found.length} files of music`);
    const verb = options.dryRun ? 'would hold' : 'holds';
    const { train, valid, test } = splits;
    printLine(
      `${options.out} ${verb} ${all.length} pieces: ${train} to learn from, ${valid} valid, ${test} test`,
    );
    if (duplicates > 0) say(`${duplicates} files had the same notes as another, and were left out`);
  }
  if (all.length === 0) {
    throw new CliError('usage', 'nothing_usable', 'none of the files can be used: see the reasons above');
  }
}
