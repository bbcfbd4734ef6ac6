/** Puts a collection on the shelf: its files first, then the pages of its sites, the list of all last; then what is no longer on it goes. */
import type { Blobs, Site } from '../../ports.ts';
import { factsOf, shelfPage, sitePage, type Takedown } from './pages.ts';
import { midiPath, PIECES_A_PAGE, pagesOf, pathOf, type ShelfPiece, type ShelfSite } from './piece.ts';

const ROOT = 'shelf/';
const INDEX = 'shelf/index.html';
const LIST = 'shelf/shelf.json';
const WITHDRAWN = 'shelf/withdrawn.json';

/** The public files, as far as the shelf needs them. */
export type ShelfFiles = Pick<Blobs, 'read' | 'write' | 'remove' | 'names'>;

export type ShelfPorts = {
  readonly files: ShelfFiles;
  /** The bytes of a piece. @throws where they cannot be had */
  readonly midiOf: (id: string) => Promise<Uint8Array>;
  /** Told after every file that was written. */
  readonly onWritten?: (written: number, of: number) => void;
};

/**
 * Replaces what is on the shelf. Doing it again changes nothing; what was cut short is made whole by the next.
 * @param sites with other slugs each, and every piece on one of them alone
 */
export async function publishShelf(
  sites: readonly ShelfSite[],
  takedown: Takedown,
  { files, midiOf, onWritten }: ShelfPorts,
): Promise<{ readonly written: number; readonly removed: number }> {
  const before = await files.names(ROOT);
  const there = new Set(before.map(({ name }) => name));
  const ids = sites.flatMap(({ pieces }) => pieces.map(({ id }) => id));
  const kept = new Set([WITHDRAWN, INDEX, LIST]);
  const pages = sites.flatMap((site) =>
    Array.from({ length: pagesOf(site) }, (_, i) => ({ site, at: i + 1, name: fileOf(pathOf(site, i + 1)) })),
  );
  const of = ids.length + pages.length + 2;
  let written = 0;
  const done = () => onWritten?.(++written, of);
  for (const id of ids) {
    const name = midiPath(id);
    kept.add(name);
    // Called by its content: what is there is the same.
    if (!there.has(name)) await files.write(name, await midiOf(id));
    done();
  }
  for (const { site, at, name } of pages) {
    kept.add(name);
    await files.write(name, sitePage(site, at, takedown));
    done();
  }
  await files.write(LIST, listOf(sites, takedown));
  done();
  await files.write(INDEX, shelfPage(sites, takedown));
  done();
  const stale = before.filter(({ name }) => !kept.has(name));
  for (const { name } of stale) await files.remove(name);
  return { written, removed: stale.length };
}

/** Of a piece: where its page is, and what is said of it there; the page's search reads these two beside the rest. */
type ListedPiece = ShelfPiece & { readonly page: string; readonly facts: string };
type List = { readonly schema: 1; readonly takedown: Takedown } & {
  readonly sites: readonly (ShelfSite & { readonly pieces: readonly ListedPiece[] })[];
};

const listOf = (sites: readonly ShelfSite[], takedown: Takedown): string => {
  const listed = sites.map((site) => ({
    ...site,
    pieces: site.pieces.map((piece, i) => ({
      ...piece,
      page: pathOf(site, 1 + Math.floor(i / PIECES_A_PAGE)),
      facts: factsOf(piece),
    })),
  }));
  const list: List = { schema: 1, takedown, sites: listed };
  return `${JSON.stringify(list)}\n`;
};

/** What is on the shelf now; null: nothing was ever published. */
export async function readShelf(files: Pick<Blobs, 'read'>): Promise<List | null> {
  const bytes = await files.read(LIST);
  return bytes && (JSON.parse(new TextDecoder().decode(bytes)) as List);
}

const fileOf = (path: string): string => `${path.slice(1)}index.html`;

/** Takes pieces away for good. @returns those that were there */
export async function withdraw(ids: ReadonlySet<string>, files: ShelfFiles): Promise<readonly string[]> {
  // Remembered first: whatever fails after that, they do not come back.
  await writeWithdrawn(files, [...(await readWithdrawn(files)), ...ids]);
  const shelf = await readShelf(files);
  if (!shelf) return [];
  const sites = shelf.sites
    .map((site) => ({ ...site, pieces: site.pieces.filter(({ id }) => !ids.has(id)) }))
    .filter(({ pieces }) => pieces.length > 0);
  const gone = shelf.sites.flatMap(({ pieces }) => pieces.map(({ id }) => id)).filter((id) => ids.has(id));
  await publishShelf(sites, shelf.takedown, {
    files,
    midiOf: async (id) => {
      throw new Error(`the file of ${id} is missing: publish the collection again`);
    },
  });
  return gone;
}

/** An empty shelf, where there is none yet: a link that leads there finds a page. */
export async function layOutShelf(site: Pick<Site, 'get' | 'put'>): Promise<void> {
  if ((await site.get(INDEX)) === null) await site.put(INDEX, shelfPage([], null));
}

/** Ids that were asked to be taken away: no later publication brings them back. */
export async function readWithdrawn(files: Pick<Blobs, 'read'>): Promise<ReadonlySet<string>> {
  const bytes = await files.read(WITHDRAWN);
  if (bytes === null) return new Set();
  const { ids } = JSON.parse(new TextDecoder().decode(bytes)) as { ids: string[] };
  return new Set(ids);
}

async function writeWithdrawn(files: Pick<Blobs, 'write'>, ids: Iterable<string>): Promise<void> {
  await files.write(WITHDRAWN, `${JSON.stringify({ schema: 1, ids: [...new Set(ids)].sort() })}\n`);
}
