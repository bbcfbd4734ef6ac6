/** A corpus as the shelf has it: by site, each piece once, with what was written down of where it is from. */
import { hash } from 'node:crypto';
import { basename, dirname, extname, join, resolve } from 'node:path';
import { ensembleOf } from '../../../music/midi/ensemble.ts';
import { karaokeOf } from '../../../music/midi/karaoke.ts';
import {
  type ShelfPiece,
  type ShelfSite,
  shownText,
  slugOf,
  webAddress,
} from '../../../publish/shelf/piece.ts';
import { progressBar } from '../../terminal/progress.ts';
import { type Refused, sourceOf } from './pieces.ts';
import { type Origin, originsOf, siteOf } from './provenance.ts';
import { type Read, readBounded } from './read-bounded.ts';

/** As people look for names: 2 before 10, small and capital letters together. */
const byNumberAndLetter = new Intl.Collator('en', { numeric: true }).compare;

export type ShelfCorpus = {
  readonly sites: readonly ShelfSite[];
  /** Where the bytes of a piece lie, by its id. */
  readonly paths: ReadonlyMap<string, string>;
  readonly refused: readonly Refused[];
  readonly duplicates: number;
  readonly withdrawn: number;
};

type ReadPiece = { readonly source: string; readonly heard: string; readonly piece: ShelfPiece };

/** Pieces that would be heard alike are taken once; and not at all where one of them was withdrawn. */
export async function readForShelf(
  corpus: string,
  files: readonly string[],
  gone: ReadonlySet<string>,
): Promise<ShelfCorpus> {
  const paths = new Map<string, string>();
  const refused: Refused[] = [];
  const all: ReadPiece[] = [];
  const origins = new Map<string, Awaited<ReturnType<typeof originsOf>>>();
  const bar = progressBar(`Reading ${corpus}`);
  try {
    for (const [index, file] of files.entries()) {
      bar.update(index / files.length, `${index} of ${files.length}`);
      const path = join(corpus, file);
      if (!resolve(path).startsWith(`${resolve(corpus)}/`)) {
        refused.push({ file, code: 'leads_outside', reason: 'it lies outside of the corpus' });
        continue;
      }
      const read = await readBounded(path);
      if (!('reading' in read)) {
        refused.push({ file, ...read });
        continue;
      }
      const source = dirname(file) === '.' ? '' : sourceOf(file);
      if (!origins.has(source)) origins.set(source, await originsOf(join(corpus, source)));
      const origin = origins.get(source)!.get(source === '' ? file : file.slice(source.length + 1));
      const one = pieceOf(file, read, origin);
      all.push({ source, ...one });
      paths.set(one.piece.id, path);
    }
  } finally {
    bar.done();
  }
  const silenced = new Set(all.filter(({ piece }) => gone.has(piece.id)).map(({ heard }) => heard));
  const left = all.filter(({ heard }) => !silenced.has(heard));
  const once = new Map<string, ReadPiece>();
  for (const one of left) if (!once.has(one.heard)) once.set(one.heard, one);
  const bySource = new Map<string, ReadPiece[]>();
  for (const one of once.values()) {
    const own = bySource.get(one.source);
    if (own) own.push(one);
    else bySource.set(one.source, [one]);
  }
  return {
    ...{ paths, refused, duplicates: left.length - once.size, withdrawn: all.length - left.length },
    sites: await sitesOf(corpus, bySource),
  };
}

/** `heard`: the same for what sounds the same. */
function pieceOf(
  file: string,
  { bytes, reading }: Read,
  origin: Origin | undefined,
): Omit<ReadPiece, 'source'> {
  const ensemble = ensembleOf(reading);
  const messages = Buffer.concat([Buffer.from(ensemble.times.buffer), ensemble.bytes]);
  return {
    heard: hash('sha256', messages),
    piece: {
      id: hash('sha256', bytes).slice(0, 16),
      name: shownText(origin?.name || basename(file, extname(file))).slice(0, 200) || 'Untitled',
      title: shownText(reading.title).replaceAll('\n', ' '),
      url: origin?.url ? webAddress(origin.url) : null,
      captured: origin?.captured ?? null,
      seconds: Math.round(ensemble.seconds * 10) / 10,
      programs: ensemble.programs.length,
      hasPercussion: ensemble.hasPercussion,
      hasWords: karaokeOf(reading).length > 0,
    },
  };
}

/** In the order of their names; each with an address of its own. */
async function sitesOf(
  corpus: string,
  bySource: ReadonlyMap<string, readonly ReadPiece[]>,
): Promise<ShelfSite[]> {
  // Below it lie the files of all.
  const taken = new Set(['midi']);
  const sites: ShelfSite[] = [];
  for (const [source, read] of [...bySource].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const found = await siteOf(join(corpus, source), source || basename(resolve(corpus)));
    const words = {
      name: shownText(found.name).slice(0, 200) || 'A site without a name',
      url: found.url && webAddress(found.url),
      rights: found.rights && shownText(found.rights),
    };
    const stem = slugOf(words.name);
    let slug = stem;
    for (let i = 2; taken.has(slug); i++) slug = `${stem}-${i}`;
    taken.add(slug);
    const pieces = read.map(({ piece }) => piece);
    const byName = pieces.sort((a, b) => byNumberAndLetter(a.name, b.name) || (a.id < b.id ? -1 : 1));
    sites.push({ slug, ...words, pieces: byName });
  }
  return sites.sort((a, b) => byNumberAndLetter(a.name, b.name));
}
