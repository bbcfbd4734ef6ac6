/** A file arrives, the model answers: each content of a file once, its answer in `continuations/<name>/`, its fault beside it. */
import { hash } from 'node:crypto';
import type { GoOnPorts } from '../compose/continuation.ts';
import type { Blobs } from '../ports.ts';
import { answer } from './answer.ts';
import { type Claimant, claim } from './claim.ts';
import { writeAnswer } from './files.ts';
import { type Refused, readGiven, refusedLength } from './given.ts';

const ROOT = 'continuations/';
/** Whether a name is a file that is to be gone on from: what is written here is none. */
export const isMusic = (name: string): boolean => /\.(midi?|kar|rmi)$/i.test(name);

/** A file that is there. */
export type ArrivedFile = {
  /** Where its answer goes, and what it is called in sentences. */
  readonly name: string;
  /** In the place; its fault is written beside it. */
  readonly path: string;
  /** What tells this content of it from others without reading it, where the place has such: kept, and compared first. */
  readonly version?: string;
};

/** "present": this name with these bytes and this length has its answer, or its fault, already. "taken": another is at work on it. */
export type Arrived =
  | { readonly outcome: 'continued'; readonly name: string; readonly to: string; readonly addedNotes: number }
  | { readonly outcome: 'refused'; readonly name: string; readonly reason: string; readonly message: string }
  | { readonly outcome: 'present'; readonly name: string }
  | { readonly outcome: 'taken'; readonly name: string; readonly until: number };

export type ArrivesPorts = {
  readonly place: Blobs;
  /** null: the file is gone again, or has another content by now. `tooLong`: its bytes, which nobody read. */
  readonly read: () => Promise<Uint8Array | { readonly tooLong: number } | null>;
  /** Called only when there is something to compose. */
  readonly open: () => Promise<GoOnPorts>;
  /** Who does it, where several may be told of the same file. */
  readonly claimant?: Claimant;
};

/**
 * Goes on from one file. Its answer is whole once `source.json` is there, which is written last and names the bytes that
 * it is of; `<path>.error.json` says why there is none, and of which bytes. null: there is nothing to go on from any more.
 */
export async function arrives(
  { name, path, version }: ArrivedFile,
  settings: { readonly minutes: number; readonly seed?: number },
  { place, read, open, claimant }: ArrivesPorts,
): Promise<Arrived | null> {
  const { minutes } = settings;
  const to = `${ROOT}${name}/`;
  const errorName = `${path}.error.json`;
  const records = [`${to}source.json`, errorName];
  const isDone = async (is: (record: Source) => boolean): Promise<boolean> => {
    for (const record of records) {
      const text = await place.read(record);
      const found = text && parsed(text);
      if (found?.minutes === minutes && is(found)) return true;
    }
    return false;
  };
  if (version !== undefined && (await isDone((record) => record.version === version)))
    return { outcome: 'present', name };
  const bytes = await read();
  if (!bytes) return null;
  const sha256 = 'tooLong' in bytes ? null : hash('sha256', bytes);
  if (sha256 !== null && (await isDone((record) => record.sha256 === sha256)))
    return { outcome: 'present', name };

  const source = { schema: 1, name, sha256, minutes, ...(version === undefined ? {} : { version }) };
  const refuse = async ({ reason, message, at }: Refused): Promise<Arrived> => {
    const why = { ...source, reason, message, ...(at === undefined ? {} : { at }) };
    await place.write(errorName, `${JSON.stringify(why, null, 2)}\n`);
    return { outcome: 'refused', name, reason, message };
  };
  const given = 'tooLong' in bytes ? refusedLength(bytes.tooLong, name) : readGiven(bytes, name);
  if (given.outcome === 'refused') return refuse(given);
  const claimed = claimant ? await claim(place, `${to}claims/${sha256}-${minutes}.json`, claimant) : null;
  if (claimed) return { outcome: 'taken', name, until: claimed.until };
  const made = await answer(given, { name, ...settings }, await open());
  if (made.outcome === 'refused') return refuse(made);
  await writeAnswer(place, to, made);
  await place.write(`${to}source.json`, `${JSON.stringify(source)}\n`);
  // Where nothing is removed nothing is written either: a bucket with versions would keep a mark of it.
  if (await place.read(errorName)) await place.remove(errorName);
  return { outcome: 'continued', name, to, addedNotes: made.record.addedNotes };
}

type Source = { readonly sha256?: unknown; readonly minutes?: unknown; readonly version?: unknown };
/** Our own records; what somebody has spoilt is made anew. */
function parsed(text: Uint8Array): Source | null {
  try {
    return JSON.parse(new TextDecoder().decode(text));
  } catch {
    return null;
  }
}
