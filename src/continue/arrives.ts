/** A file arrives, the model answers: each file of a place once, its answer in `continuations/<name>/`, its fault beside it. */
import { hash } from 'node:crypto';
import type { GoOnPorts } from '../compose/continuation.ts';
import type { Blobs } from '../ports.ts';
import { answer } from './answer.ts';
import { writeAnswer } from './files.ts';
import { type Refused, readGiven } from './given.ts';

const ROOT = 'continuations/';
/** Whether a name is a file that is to be gone on from: what is written here lies in folders, and is none. */
const isMusic = (name: string): boolean => !name.includes('/') && /\.(midi?|kar|rmi)$/i.test(name);

/** "present": this name with these bytes and this length has its answer, or its fault, already. */
export type Arrived =
  | { readonly outcome: 'continued'; readonly name: string; readonly to: string; readonly addedNotes: number }
  | { readonly outcome: 'refused'; readonly name: string; readonly reason: string; readonly message: string }
  | { readonly outcome: 'present'; readonly name: string };

/** What is to be gone on from, in order of name. @param untilMs files that were written later may be half there still */
export async function arrivals(place: Blobs, untilMs = Number.POSITIVE_INFINITY): Promise<readonly string[]> {
  const all = await place.names('');
  return all.filter(({ name, writtenAt }) => isMusic(name) && writtenAt <= untilMs).map(({ name }) => name);
}

/**
 * Goes on from one file. Its answer is whole once `source.json` is there, which is written last and names the bytes that
 * it is of; `<name>.error.json` says why there is none, and of which bytes. null: the file is gone again.
 * @param open called only when there is something to compose
 */
export async function arrives(
  place: Blobs,
  name: string,
  settings: { readonly minutes: number; readonly seed?: number },
  open: () => Promise<GoOnPorts>,
): Promise<Arrived | null> {
  const bytes = await place.read(name);
  if (!bytes) return null;
  const { minutes } = settings;
  const source = { schema: 1, name, sha256: hash('sha256', bytes), minutes };
  const to = `${ROOT}${name}/`;
  const errorName = `${name}.error.json`;
  const isOf = async (record: string): Promise<boolean> => {
    const text = await place.read(record);
    const found = text && parsed(text);
    return found?.sha256 === source.sha256 && found?.minutes === minutes;
  };
  if ((await isOf(`${to}source.json`)) || (await isOf(errorName))) return { outcome: 'present', name };
  const refuse = async ({ reason, message, at }: Refused): Promise<Arrived> => {
    const why = { ...source, reason, message, ...(at === undefined ? {} : { at }) };
    await place.write(errorName, `${JSON.stringify(why, null, 2)}\n`);
    return { outcome: 'refused', name, reason, message };
  };
  const given = readGiven(bytes, name);
  if (given.outcome === 'refused') return refuse(given);
  const made = await answer(given, { name, ...settings }, await open());
  if (made.outcome === 'refused') return refuse(made);
  await writeAnswer(place, to, made);
  await place.write(`${to}source.json`, `${JSON.stringify(source)}\n`);
  await place.remove(errorName);
  return { outcome: 'continued', name, to, addedNotes: made.record.addedNotes };
}

/** Our own records; what somebody has spoilt is made anew. */
function parsed(text: Uint8Array): { sha256?: unknown; minutes?: unknown } | null {
  try {
    return JSON.parse(new TextDecoder().decode(text));
  } catch {
    return null;
  }
}
