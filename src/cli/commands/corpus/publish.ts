/** `corpus publish` and `corpus withdraw`: a collected corpus on the station's shelf, and off it again. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { directoryBlobs } from '../../../adapters/disk/directory-blobs.ts';
import type { Takedown } from '../../../publish/shelf/pages.ts';
import { webAddress } from '../../../publish/shelf/piece.ts';
import {
  publishShelf,
  readShelf,
  readWithdrawn,
  type ShelfFiles,
  withdraw,
} from '../../../publish/shelf/shelf.ts';
import { placeOf } from '../../place/place.ts';
import { openData } from '../../terminal/options.ts';
import { CliError, printJson, printLine, say } from '../../terminal/output.ts';
import { progressBar } from '../../terminal/progress.ts';
import { readSplits, refusedText } from './pieces.ts';
import { readForShelf, type ShelfCorpus } from './shelf-corpus.ts';

type Where = { readonly data: string; readonly stage?: string };
export type PublishOptions = Where & {
  readonly takedown: string;
  readonly dryRun?: boolean;
  readonly json?: boolean;
};

const filesOf = (options: Where): Promise<ShelfFiles> =>
  placeOf(options).either<Promise<ShelfFiles>>(
    async () => directoryBlobs(join(await openData(options.data), 'site')),
    async (stage) => (await import('../../place/stage.ts')).stageSite(stage),
  );

export async function publishCorpus(corpus: string, options: PublishOptions): Promise<void> {
  const takedown = takedownOf(options.takedown);
  const rows = await readSplits(corpus);
  const files = await filesOf(options);
  const read = await readForShelf(
    corpus,
    rows.map(({ file }) => file),
    await readWithdrawn(files),
  );
  const count = read.sites.reduce((sum, { pieces }) => sum + pieces.length, 0);
  if (count === 0) {
    for (const one of read.refused) say(`left out ${refusedText(one)}`);
    throw new CliError('usage', 'nothing_usable', `${corpus} has no piece that can be published`);
  }
  const bar = progressBar(`Publishing ${count} pieces`);
  const told = { written: 0, removed: 0 };
  try {
    if (!options.dryRun)
      Object.assign(
        told,
        await publishShelf(read.sites, takedown, {
          files,
          midiOf: async (id) => new Uint8Array(await readFile(read.paths.get(id)!)),
          onWritten: (written, of) => bar.update(written / of, `${written} of ${of}`),
        }),
      );
  } finally {
    bar.done();
  }
  tell(corpus, options, count, told.removed, read);
}

/** An address of either kind, as a link. */
const takedownOf = (text: string): Takedown => ({
  href: webAddress(text) ?? `mailto:${encodeURI(text)}`,
  text,
});

function tell(
  corpus: string,
  options: PublishOptions,
  count: number,
  removed: number,
  { sites, refused, duplicates, withdrawn }: ShelfCorpus,
): void {
  const told = sites.map(({ slug, name, pieces, url, rights }) => ({
    ...{ slug, name, pieces: pieces.length, url, hasRights: rights !== null },
  }));
  if (options.json) {
    printJson({
      ...{ pieces: count, sites: told, duplicates, withdrawn, removed, refused, written: !options.dryRun },
    });
    return;
  }
  for (const one of refused) say(`left out ${refusedText(one)}`);
  for (const site of told)
    if (!site.hasRights)
      say(`${site.name}: no words on rights were found; write them into ${corpus}/…/site.json if there are`);
  if (duplicates > 0) say(`${duplicates} sound as another does, and were left out`);
  if (withdrawn > 0) say(`${withdrawn} were withdrawn earlier, and stay away`);
  const verb = options.dryRun ? 'would be' : 'are';
  printLine(`${count} pieces of ${told.length} sites ${verb} on the shelf: /shelf/`);
}

export type WithdrawOptions = Where & { readonly all?: boolean; readonly json?: boolean };

export async function withdrawPieces(links: readonly string[], options: WithdrawOptions): Promise<void> {
  const files = await filesOf(options);
  const asked = new Set(links.map(idOf));
  if (options.all)
    for (const { pieces } of (await readShelf(files))?.sites ?? [])
      for (const { id } of pieces) asked.add(id);
  if (asked.size === 0)
    throw new CliError('usage', 'usage', 'name the pieces, by their ids or links, or give --all');
  const gone = await withdraw(asked, files);
  if (options.json)
    return printJson({ withdrawn: gone, unknown: [...asked].filter((id) => !gone.includes(id)) });
  printLine(`${gone.length} taken off the shelf`);
  for (const id of asked) if (!gone.includes(id)) say(`${id} was not there; it will not come either`);
}

/** Of a link to a piece or its file, or as it is. */
function idOf(link: string): string {
  const [id] = /[0-9a-f]{16}(?=(\.mid)?$)/.exec(link) ?? [];
  if (id) return id;
  throw new CliError('usage', 'bad_id', `${link} names no piece: give its link, or the 16 digits at its end`);
}
