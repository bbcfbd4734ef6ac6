import { appendFileSync, mkdirSync, renameSync, statSync } from 'node:fs';
import { open, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock, Log } from '../../ports.ts';

/** A station logs a few lines an hour: months, in two files. */
const MAX_BYTES = 2 * 1024 * 1024;
const LOOK_MS = 250;

const pathOf = (dataDir: string): string => join(dataDir, 'log.jsonl');
const formerOf = (dataDir: string): string => join(dataDir, 'log.1.jsonl');

/** Writes each event as one JSON line: `{"at", "event", …}`. A log that cannot be written stops nothing. */
export function logFile(dataDir: string, clock: Pick<Clock, 'now'>): Log {
  const path = pathOf(dataDir);
  return (event, details) => {
    try {
      mkdirSync(dirname(path), { recursive: true });
      if ((statSync(path, { throwIfNoEntry: false })?.size ?? 0) > MAX_BYTES)
        renameSync(path, formerOf(dataDir));
      appendFileSync(path, `${JSON.stringify({ at: clock.now(), event, ...details })}\n`);
    } catch {
      // The disk is full, or the directory gone; the event was printed as well.
    }
  };
}

/** The last lines of the log, oldest first; then, if followed, each new one, until aborted. */
export async function* readLog(
  dataDir: string,
  last: number,
  follow: boolean,
  signal?: AbortSignal,
): AsyncGenerator<string> {
  const texts = await Promise.all([formerOf(dataDir), pathOf(dataDir)].map(textOf));
  let seen = Buffer.byteLength(texts[1]!);
  const lines = texts.flatMap((text) => text.split('\n')).filter(Boolean);
  yield* last > 0 ? lines.slice(-last) : [];
  let rest = '';
  while (follow && !signal?.aborted) {
    const size = statSync(pathOf(dataDir), { throwIfNoEntry: false })?.size ?? 0;
    // Begun anew.
    if (size < seen) seen = 0;
    if (size > seen) {
      const parts = (rest + (await read(pathOf(dataDir), seen, size))).split('\n');
      seen = size;
      rest = parts.pop()!;
      yield* parts;
    } else {
      await sleep(LOOK_MS, undefined, signal ? { signal } : {}).catch(() => {});
    }
  }
}

const textOf = (path: string): Promise<string> =>
  readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw error;
  });

async function read(path: string, from: number, to: number): Promise<string> {
  const file = await open(path);
  try {
    const bytes = Buffer.alloc(to - from);
    const { bytesRead } = await file.read(bytes, 0, bytes.length, from);
    return bytes.toString('utf8', 0, bytesRead);
  } finally {
    await file.close();
  }
}
