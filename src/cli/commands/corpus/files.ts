import { readdir, realpath, stat } from 'node:fs/promises';
import { basename, dirname, extname, join, resolve, sep } from 'node:path';
import { CliError } from '../../terminal/output.ts';

/** `name`: what it was called, without its extension. `url`: where it was on the web; null: it came from a directory. */
export type Found = { readonly source: string; readonly path: string; readonly name: string } & {
  readonly url: string | null;
  /** `YYYY-MM-DD` */
  readonly captured: string;
};

/**
 * MIDI files below a directory, in order of path; links are not followed, so that nothing outside it is read.
 * @param captured the day on which this is done
 */
export async function filesBelow(directory: string, out: string, captured: string): Promise<Found[]> {
  const root = resolve(directory);
  const info = await stat(root).catch((cause: unknown) => {
    throw new CliError('notFound', 'no_directory', `there is no directory ${directory}`, { cause });
  });
  if (!info.isDirectory()) throw new CliError('usage', 'not_a_directory', `${directory} is not a directory`);
  const [from, to] = [await realpath(root), await realpathToBe(out)];
  if (isWithin(to, from) || isWithin(from, to)) {
    const message = `one of ${directory} and --out ${out} lies in the other: give a directory elsewhere`;
    throw new CliError('usage', 'out_inside', message);
  }
  const source = sourceNamed(basename(from));
  const entries = await readdir(from, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && /\.(midi?|kar|rmi)$/i.test(entry.name))
    .map((entry) => ({
      ...{ source, captured, url: null, path: join(entry.parentPath, entry.name) },
      name: basename(entry.name, extname(entry.name)),
    }))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}

/**
 * A piece's name within the corpus, and no path out of it. Where one is taken, a hash of the music tells them apart.
 * @param taken names so far, in lower case: some file systems take both cases for the same
 */
export function nameFor(
  { source, name }: Pick<Found, 'source' | 'name'>,
  hash: string,
  taken: Set<string>,
): string {
  let stem = plain(name) || 'piece';
  while (taken.has(`${source}/${stem}.mid`.toLowerCase())) stem += `-${hash.slice(0, 12)}`;
  const file = `${source}/${stem}.mid`;
  taken.add(file.toLowerCase());
  return file;
}

/** The folder of a source. */
export const sourceNamed = (name: string): string => plain(name).replaceAll('.', '_') || 'music';

/** Letters, digits and a few signs, no dot in front: nothing that a path, a table or a shell reads as its own. */
const plain = (name: string): string =>
  name
    .normalize('NFKD')
    .replace(/[^A-Za-z0-9._-]+/g, '_')
    .replace(/^[._-]+/, '')
    .slice(0, 100);

const isWithin = (path: string, directory: string): boolean =>
  `${path}${sep}`.startsWith(`${directory}${sep}`);

/** Where a path leads, links resolved, also where its last parts are yet to be made. */
async function realpathToBe(path: string): Promise<string> {
  const full = resolve(path);
  return realpath(full).catch(async () =>
    dirname(full) === full ? full : join(await realpathToBe(dirname(full)), basename(full)),
  );
}
