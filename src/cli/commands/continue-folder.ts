/** `pianola continue DIR`: every music file of a folder, and with --watch those that come later. */
import { setTimeout as sleep } from 'node:timers/promises';
import { directoryBlobs } from '../../adapters/disk/directory-blobs.ts';
import { type Arrived, arrivals, arrives } from '../../continue/arrives.ts';
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

export async function continueFolder(directory: string, options: Options): Promise<void> {
  const place = directoryBlobs(directory);
  const { minutes, seed, watch } = options;
  const settings = { minutes, ...(seed === undefined ? {} : { seed }) };
  if (!watch && (await arrivals(place)).length === 0) {
    throw new CliError('usage', 'no_music', `${directory} holds no MIDI file: put one there, or give one`);
  }
  const stop = watch ? stopOnSignal() : null;
  if (watch) say(`Watching ${directory}; Ctrl-C stops it.`);
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
      for (const name of await arrivals(place, until)) {
        if (stop?.aborted) return;
        const arrived = await arrives(place, name, settings, open);
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
  if (arrived.outcome === 'refused') return `${arrived.message} (${arrived.name}.error.json)`;
  return `${arrived.name}: ${arrived.addedNotes} notes added, in ${arrived.to}`;
}
