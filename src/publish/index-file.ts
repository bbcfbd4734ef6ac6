/** The archive's index as it lies on the site: read, and changed so that nobody's lines are lost. */
import { inTurn } from '../in-turn.ts';
import type { Site } from '../ports.ts';
import { type ArchiveIndex, indexText, parseIndex } from './site/index-json.ts';

const INDEX = 'index.json';
const EMPTY: ArchiveIndex = { schema: 1, performances: [] };
/** Those who write are three functions on AWS, and each for seconds: who finds it changed so often is up against a fault. */
const ATTEMPTS = 5;

const indexOf = (bytes: Uint8Array | null): ArchiveIndex =>
  bytes ? parseIndex(new TextDecoder().decode(bytes)) : EMPTY;

/** The public archive, newest first; empty before the first publication. */
export const readIndex = async (site: Site): Promise<ArchiveIndex> => indexOf(await site.get(INDEX));

/** An index for pages to find that are there before the first day, and before the rest is laid out. */
export async function layOutIndex(site: Site): Promise<void> {
  if (!(await site.get(INDEX))) await site.replace(INDEX, null, indexText(EMPTY));
}

const turns = new WeakMap<Site, ReturnType<typeof inTurn>>();

/**
 * Changes the index; it is written last, so that a reader of it finds everything it names. In this process one goes after
 * the other. Where another process has changed it meanwhile, all is made anew from what that has written: whoever
 * writes the index has written its pages after those of all who wrote it before.
 * @param make writes what goes with the index, and returns it; null: there is nothing to change. It may be asked again
 * @throws Error where others change it again and again
 */
export function changeIndex(
  site: Site,
  make: (index: ArchiveIndex) => Promise<ArchiveIndex | null>,
): Promise<void> {
  const oneByOne = turns.get(site) ?? inTurn();
  turns.set(site, oneByOne);
  return oneByOne(async () => {
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const before = await site.get(INDEX);
      const index = await make(indexOf(before));
      if (index === null || (await site.replace(INDEX, before, indexText(index))) === 'replaced') return;
    }
    throw new Error(`${INDEX} was changed by others ${ATTEMPTS} times while it was to be written`);
  });
}
