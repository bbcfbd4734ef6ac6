/** What a visitor has sent to a bucket is gone on from, and told of as it comes; nobody waits for it here. */
import type { GoOnPorts } from '../compose/continuation.ts';
import type { Blobs, Clock, Look, PlainNote } from '../ports.ts';
import { answer } from './answer.ts';
import { type Claimant, claim } from './claim.ts';
import { writeAnswer } from './files.ts';
import { readGiven, refusedLength } from './given.ts';
import { CANDIDATES, plain, toldOf } from './visitors.ts';
import {
  type AskedRecord,
  askedName,
  type LookRecord,
  madeName,
  madeNames,
  sentName,
  waitingName,
} from './visits.ts';

/** How often it is told how far it is, milliseconds. */
const TELL_MS = 1_000;

export type VisitedPorts = {
  readonly place: Blobs;
  readonly clock: Pick<Clock, 'now'>;
  /** null: it is gone again. `tooLong`: its bytes, which nobody read. */
  readonly read: () => Promise<Uint8Array | { readonly tooLong: number } | null>;
  /** Called only when there is something to compose. */
  readonly open: () => Promise<GoOnPorts>;
  readonly claimant: Claimant;
};

/**
 * "absent": nobody has asked for it, or it was forgotten. "present": an earlier upload by the same ticket has its answer.
 * "taken": another is at work on it. "failed": what composes has failed, which the visitor is told; `error` says why.
 */
export type Visited =
  | { readonly outcome: 'continued' | 'refused' | 'present' | 'absent' | 'taken' }
  | { readonly outcome: 'failed'; readonly error: unknown };

/** @param id what stands in the name of the object that was sent */
export async function visited(id: string, ports: VisitedPorts): Promise<Visited> {
  const { place, clock, claimant } = ports;
  const parsed = async <T>(name: string): Promise<T | null> => {
    const bytes = await place.read(name);
    return bytes && (JSON.parse(new TextDecoder().decode(bytes)) as T);
  };
  /** What somebody wrote, or has died while writing, after it was forgotten goes as well. */
  const absent = async (): Promise<Visited> => {
    for (const name of [sentName(id), ...madeNames(id)]) await place.remove(name);
    return { outcome: 'absent' };
  };
  const asked = await parsed<AskedRecord>(askedName(id));
  if (!asked) return absent();
  const before = await parsed<LookRecord>(madeName(id, 'look.json'));
  if (before && before.look.state !== 'composing') return { outcome: 'present' };
  if (await claim(place, `claims/${id}.json`, claimant)) return { outcome: 'taken' };

  const tell = (look: Look) =>
    place.write(madeName(id, 'look.json'), JSON.stringify({ at: clock.now(), look } satisfies LookRecord));
  const told = await compose(id, asked, ports, tell)
    .then(
      (outcome): Visited => ({ outcome }),
      async (error: unknown): Promise<Visited> => {
        await tell({ state: 'failed' });
        return { outcome: 'failed', error };
      },
    )
    .finally(() => place.remove(waitingName(id)));
  await place.remove(sentName(id));
  // Looked at after the last write: whoever has it forgotten from now on finds all of it there to be removed.
  return (await isForgotten(place, id)) ? absent() : told;
}

const isForgotten = async (place: Blobs, id: string): Promise<boolean> =>
  (await place.read(askedName(id))) === null;

async function compose(
  id: string,
  { name, minutes }: AskedRecord,
  { place, clock, read, open }: VisitedPorts,
  tell: (look: Look) => Promise<void>,
): Promise<'continued' | 'refused' | 'absent'> {
  const bytes = await read();
  if (!bytes) return 'absent';
  const given = 'tooLong' in bytes ? refusedLength(bytes.tooLong, name) : readGiven(bytes, name);
  if (given.outcome === 'refused') {
    await tell({ state: 'refused', reason: given.reason, message: given.message });
    return 'refused';
  }
  await place.write(madeName(id, 'given.json'), JSON.stringify(toldOf(given)));
  await tell({ state: 'composing', part: 0, added: [] });
  await place.remove(waitingName(id));

  let added: readonly PlainNote[] = [];
  let part = 0;
  let toldAt = clock.now();
  let telling: Promise<void> = Promise.resolve();
  const stop = new AbortController();
  const goOn = async () => {
    if (await isForgotten(place, id)) stop.abort(new Error('it was forgotten'));
    stop.signal.throwIfAborted();
  };
  const progress = () => {
    if (clock.now() - toldAt < TELL_MS) return;
    toldAt = clock.now();
    telling = telling.then(async () => {
      await goOn();
      await tell({ state: 'composing', part, added });
    });
    telling.catch((error) => stop.abort(error));
  };
  const made = await answer(
    given,
    { name, minutes, candidates: CANDIDATES },
    {
      ...(await open()),
      signal: stop.signal,
      onProgress({ composedMs, ofMs }) {
        part = Math.min(1, composedMs / ofMs);
        progress();
      },
      onPhrase(written) {
        added = written.map(plain);
        progress();
      },
    },
  );
  await telling;
  await goOn();
  if (made.outcome === 'refused') {
    await tell({ state: 'refused', reason: made.reason, message: made.message });
    return 'refused';
  }
  await writeAnswer(place, madeName(id, ''), made);
  await tell({ state: 'done', kept: false, record: made.record });
  return 'continued';
}
