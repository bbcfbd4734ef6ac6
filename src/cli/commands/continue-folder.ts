/** `pianola continue DIR`: every music file of a folder, and with --watch those that come later. */
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { directoryBlobs } from '../../adapters/disk/directory-blobs.ts';
import { orNull } from '../../adapters/disk/or-null.ts';
import { type Arrived, arrives, isMusic } from '../../continue/arrives.ts';
import { CliError, printJson, say } from '../terminal/output.ts';
import { stopOnSignal } from './start/lifetime.ts';

const LOOK_MS = 1_000;
/** A file that was written to later than this may be half there still. */
const SETTLED_MS = 1_000;

type Options = {
  readonly minutes: number;
  readonly seed?: number;
  readonly model?: string;
  readonly data: string;
  readonly watch?: boolean;
  readonly json?: boolean;
};

/** `mark`: changes whenever the file does, as far as can be told without reading it. */
type Found = { readonly name: string; readonly writtenAt: number; readonly mark: string };

/** The music files that lie in a folder, in order of name; what lies in folders within it is none of these. */
export async function musicIn(directory: string): Promise<readonly Found[]> {
  const names = (await readdir(directory)).filter(isMusic).sort();
  const all = await Promise.all(
    names.map(async (name): Promise<Found | null> => {
      // Removed between the listing and the look.
      const info = await orNull(stat(join(directory, name)));
      if (!info?.isFile()) return null;
      const { mtimeMs, size, ino } = info;
      return { name, writtenAt: mtimeMs, mark: `${mtimeMs} ${size} ${ino}` };
    }),
  );
  return all.filter((found) => found !== null);
}

export async function continueFolder(directory: string, options: Options): Promise<void> {
  const place = directoryBlobs(directory);
  const { minutes, seed, watch } = options;
  const settings = { minutes, ...(seed === undefined ? {} : { seed }) };
  if (!watch && (await musicIn(directory)).length === 0) {
    throw new CliError('usage', 'no_music', `${directory} holds no MIDI file: put one there, or give one`);
  }
  const stop = watch ? stopOnSignal() : null;
  if (watch) say(`Watching ${directory}; Ctrl-C stops it.`);
  /** The mark that a file had when it was read last: while it has it, it is not read again. */
  const seen = new Map<string, string>();
  const told = new Set<string>();
  do {
    const { openComposer } = await import('../place/composer.ts');
    let composer: Awaited<ReturnType<typeof openComposer>> | null = null;
    const open = async () => {
      composer ??= await openComposer(options);
      return { ...composer, ...(stop ? { signal: stop } : {}) };
    };
    try {
      const until = watch ? Date.now() - SETTLED_MS : Number.POSITIVE_INFINITY;
      for (const { name, writtenAt, mark } of await musicIn(directory)) {
        if (stop?.aborted) return;
        if (writtenAt > until || seen.get(name) === mark) continue;
        const read = () => place.read(name);
        const arrived = await arrives({ name, path: name }, settings, { place, read, open });
        seen.set(name, mark);
        // What is there already is told once.
        if (!arrived || (arrived.outcome === 'present' && told.has(name))) continue;
        told.add(name);
        if (options.json) printJson(arrived);
        else say(wordsOf(arrived));
      }
    } catch (error) {
      if (!stop?.aborted) throw error;
    } finally {
      await (composer as { release(): Promise<void> } | null)?.release();
    }
    if (watch) await sleep(LOOK_MS, undefined, stop ? { signal: stop } : {}).catch(() => {});
  } while (watch && !stop?.aborted);
}

function wordsOf(arrived: Arrived): string {
  if (arrived.outcome === 'present') return `${arrived.name}: was answered before`;
  if (arrived.outcome === 'taken') return `${arrived.name}: another process is at work on it`;
  if (arrived.outcome === 'refused') return `${arrived.message} (${arrived.name}.error.json)`;
  return `${arrived.name}: ${arrived.addedNotes} notes added, in ${arrived.to}`;
}
