/** What a visitor has sent to a bucket is gone on from, and told of as it comes; nobody waits for it here. */
import type { GoOnPorts } from '../compose/continuation.ts';
import type { Blobs, Clock, Look, PlainNote } from '../ports.ts';
import { answer } from './answer.ts';
import { type Claimant, claim } from './claim.ts';
import { writeAnswer } from './files.ts';
import { readGiven, refusedLength } from './given.ts';
import { CANDIDATES, plain, toldOf } from './visitors.ts';
import { type AskedRecord, askedName, type LookRecord, madeName, sentName, waitingName } from './visits.ts';

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
  const asked = await parsed<AskedRecord>(askedName(id));
  if (!asked) {
    await place.remove(sentName(id));
    return { outcome: 'absent' };
  }
  const before = await parsed<LookRecord>(madeName(id, 'look.json'));
  if (before && before.look.state !== 'composing') return { outcome: 'present' };
  if (await claim(place, `claims/${id}.json`, claimant)) return { outcome: 'taken' };

  const tell = (look: Look) =>
    place.write(madeName(id, 'look.json'), JSON.stringify({ at: clock.now(), look } satisfies LookRecord));
  const stop = new AbortController();
  try {
    const told = await compose(id, asked, ports, tell, stop);
    await place.remove(sentName(id));
    return { outcome: told };
  } catch (error) {
    if (!stop.signal.aborted) await tell({ state: 'failed' });
    await place.remove(sentName(id));
    if (!stop.signal.aborted) return { outcome: 'failed', error };
    // What was written after it was forgotten.
    for (const file of ['look.json', 'given.json']) await place.remove(madeName(id, file));
    return { outcome: 'absent' };
  } finally {
    await place.remove(waitingName(id));
  }
}

async function compose(
  id: string,
  { name, minutes }: AskedRecord,
  { place, clock, read, open }: VisitedPorts,
  tell: (look: Look) => Promise<void>,
  stop: AbortController,
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
  const progress = () => {
    if (clock.now() - toldAt < TELL_MS) return;
    toldAt = clock.now();
    telling = telling.then(async () => {
      if (await place.read(askedName(id))) await tell({ state: 'composing', part, added });
      else stop.abort(new Error('it was forgotten'));
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
  stop.signal.throwIfAborted();
  if (made.outcome === 'refused') {
    await tell({ state: 'refused', reason: made.reason, message: made.message });
    return 'refused';
  }
  await writeAnswer(place, madeName(id, ''), made);
  await tell({ state: 'done', kept: false, record: made.record });
  return 'continued';
}
