import { hash } from 'node:crypto';
import { mkdir, realpath, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { replaceFile } from '../../../adapters/disk/atomic-file.ts';
import { musicOf } from '../../../music/midi/file.ts';
import { CliError, printJson, printLine, say } from '../../terminal/output.ts';
import { progressBar } from '../../terminal/progress.ts';
import { filesBelow, nameFor } from './files.ts';
import { type Refused, refusedText } from './pieces.ts';
import { readBounded } from './read-bounded.ts';

type Options = { out: string; heldOut: number; dryRun?: boolean; force?: boolean; json?: boolean };
type Kept = { readonly file: string; readonly group: string; readonly notes: number } & {
  readonly seconds: number;
  readonly distinctVelocities: number;
  /** Codes of docs/midi.md. */
  readonly repairs: readonly string[];
};

/**
 * Gathers the MIDI files below directories into a corpus: what the strict reader takes, the same music once, as
 * `<source>/<name>.mid`, with metadata.tsv a source and splits.tsv for all.
 */
export async function collect(directories: readonly string[], options: Options): Promise<void> {
  const found = [];
  for (const directory of directories) found.push(...(await filesBelow(directory, options.out)));
  if (found.length === 0) {
    throw new CliError('notFound', 'no_music', `there is no .mid or .midi file in ${directories.join(', ')}`);
  }
  const root = options.dryRun ? null : await openOut(options);
  const kept = new Map<string, Kept>();
  const names = new Set<string>();
  const refused: Refused[] = [];
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
      kept.set(group, { file, group, notes: notes.length, seconds, distinctVelocities, repairs });
    }
  } finally {
    bar.done();
  }
  const all = [...kept.values()].sort((a, b) => (a.file < b.file ? -1 : 1));
  if (root !== null && all.length > 0) await writeTables(root, all, options.heldOut);
  tell(options, all, duplicates, refused);
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
async function writeTables(root: string, all: readonly Kept[], heldOut: number): Promise<void> {
  for (const source of new Set(all.map(({ file }) => dirname(file)))) {
    const rows = all
      .filter(({ file }) => dirname(file) === source)
      .map((piece) => [
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

function tell(options: Options, all: readonly Kept[], duplicates: number, refused: readonly Refused[]): void {
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
    });
  } else {
    for (const one of refused) say(`left out ${refusedText(one)}`);
    for (const { file, repairs } of repaired) say(`repaired ${file}: ${repairs.join(', ')}`);
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
