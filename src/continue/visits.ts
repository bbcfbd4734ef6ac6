/**
 * Visitors' music where it lies in a bucket, and processes come and go: what was asked, what was sent, and what came of it are
 * objects under a random id, which expire by themselves. The other half, that composes, is visited.ts.
 */
import type { Blobs, Clock, Continuing, Look, Ticket } from '../ports.ts';
import { FILES } from './files.ts';
import { calledBy, DONE_MS, isId, MOST_WAITING, tooMany, UPLOAD_MS, withinMinutes } from './visitors.ts';

/** Where things lie, by the id of an upload. All but `kept/` expires. */
export const askedName = (id: string): string => `asked/${id}.json`;
export const waitingName = (id: string): string => `waiting/${id}`;
export const sentName = (id: string): string => `sent/${id}`;
export const madeName = (id: string, file: string): string => `made/${id}/${file}`;
/** All that may lie there of one. */
export const madeNames = (id: string): readonly string[] =>
  ['look.json', 'given.json', ...FILES].map((file) => madeName(id, file));
const keptName = (id: string, file: string): string => `kept/${id}/${file}`;
/** Whoever waits for so long waits for nothing any more: it does not count, and the place is another's. */
const WAITING_MS = 900_000;

/** `at`: epoch milliseconds. */
export type AskedRecord = {
  readonly schema: 1;
  readonly name: string;
  readonly minutes: number;
  readonly at: number;
};
/** What is told of an upload, as it was written. */
export type LookRecord = { readonly at: number; readonly look: Look };

export type VisitPorts = {
  readonly place: Blobs;
  readonly clock: Pick<Clock, 'now'>;
  /** 32 hexadecimal digits that nobody can guess. */
  readonly newId: () => string;
  /** A form by which one object may be written, once it is sent within so long, milliseconds. */
  readonly form: (name: string, forMs: number) => Promise<Pick<Ticket, 'url' | 'fields'>>;
};

export function visits({ place, clock, newId, form }: VisitPorts): Continuing {
  const recordAt = async <T>(name: string): Promise<T | null> => {
    const bytes = await place.read(name);
    return bytes && (JSON.parse(new TextDecoder().decode(bytes)) as T);
  };
  const isKept = async (id: string) => (await place.read(keptName(id, 'record.json'))) !== null;
  const madeOf = async (id: string): Promise<LookRecord | null> => {
    const made = await recordAt<LookRecord>(madeName(id, 'look.json'));
    return made && clock.now() - made.at <= DONE_MS ? made : null;
  };
  /** Ids, in the order in which they came. */
  const waiting = async (): Promise<readonly string[]> => {
    const all = await place.names('waiting/');
    const still = all.filter(({ writtenAt }) => clock.now() - writtenAt <= WAITING_MS);
    return still.sort((a, b) => a.writtenAt - b.writtenAt).map(({ name }) => name.slice('waiting/'.length));
  };
  return {
    async ask({ name, minutes }) {
      const before = (await waiting()).length;
      if (before >= MOST_WAITING) return tooMany(before);
      const id = newId();
      const asked: AskedRecord = {
        ...{ schema: 1, name: calledBy(name), minutes: withinMinutes(minutes), at: clock.now() },
      };
      await place.write(askedName(id), JSON.stringify(asked));
      // Not without a byte, which the SDK complains of.
      await place.write(waitingName(id), id);
      return { outcome: 'upload', id, ...(await form(sentName(id), UPLOAD_MS)) };
    },
    async look(id) {
      if (!isId(id)) return null;
      const made = await madeOf(id);
      if (made?.look.state === 'done') return { ...made.look, kept: await isKept(id) };
      if (made) return made.look;
      const record = await recordAt<object>(keptName(id, 'record.json'));
      if (record) return { state: 'done', kept: true, record };
      const asked = await recordAt<AskedRecord>(askedName(id));
      if (!asked || clock.now() - asked.at > WAITING_MS) return null;
      return { state: 'queued', ahead: Math.max(0, (await waiting()).indexOf(id)) };
    },
    async file(id, file) {
      if (!isId(id)) return null;
      const made = (await madeOf(id)) && (await place.read(madeName(id, file)));
      return made ?? (file === 'given.json' ? null : place.read(keptName(id, file)));
    },
    async keep(id) {
      if (!isId(id)) return null;
      if (await isKept(id)) return 'kept';
      if ((await madeOf(id))?.look.state !== 'done') return null;
      const files = await Promise.all(FILES.map((file) => place.read(madeName(id, file))));
      if (files.includes(null)) return null;
      // The record is the last: where it is, all are.
      for (const [i, file] of FILES.entries()) await place.write(keptName(id, file), files[i]!);
      return 'kept';
    },
    async forget(id) {
      if (!isId(id)) return;
      // First what says that anybody waits for it, which whoever composes looks at.
      const names = [askedName(id), waitingName(id), sentName(id)];
      const kept = [...FILES].reverse().map((file) => keptName(id, file));
      for (const name of [...names, ...madeNames(id), ...kept]) await place.remove(name);
    },
  };
}
