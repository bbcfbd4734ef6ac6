import { dueMs } from '../../broadcast/frames.ts';
import { parseBroadcastId } from '../../broadcast/id.ts';
import type { Attempt, Clock } from '../../ports.ts';

/** What came of the posts of one broadcaster. */
export type PostCounts = {
  readonly posts: number;
  readonly gone: number;
  readonly slow: number;
  readonly failed: number;
  /** Most listeners that frames named. */
  readonly listenersPeak: number;
  /** From when a chunk was due until it was taken, milliseconds: median and 99th of a hundred. */
  readonly latenessP50: number;
  readonly latenessP99: number;
};

/** Lateness is kept to the millisecond up to here; what is later counts as this. */
const LATEST_MS = 60_000;

/**
 * Counts posts on their way; chunks are told by how their frames begin, which is cheaper than reading them.
 * @param onFirstFailure is called once, at the first post that fails: what is wrong with one is most likely wrong with all
 */
export function countedPost(
  post: Attempt,
  clock: Pick<Clock, 'now'>,
  onFirstFailure: (error: unknown) => void = () => {},
): { post: Attempt; counts(): PostCounts } {
  const outcomes = { sent: 0, gone: 0, slow: 0, failed: 0 };
  const histogram = new Map<number, number>();
  let listenersPeak = 0;
  const CHUNK = /^\{"type":"chunk","seq":(\d+),"count":(\d+),"broadcast":"([^"]+)"/;
  const HERE = /"here":(\d+)/;
  let last: { frame: string; dueAt: number | null } = { frame: '', dueAt: null };

  const dueAt = (frame: string): number | null => {
    // The same frame goes to all listeners, one after another.
    if (last.frame === frame) return last.dueAt;
    const [, seq, count, id] = CHUNK.exec(frame) ?? [];
    const startsAt = id ? parseBroadcastId(id)?.startsAt : undefined;
    const due = startsAt === undefined ? null : startsAt + dueMs(Number(seq) + Number(count) - 1);
    listenersPeak = Math.max(listenersPeak, Number(HERE.exec(frame.slice(0, 400))?.[1] ?? 0));
    last = { frame, dueAt: due };
    return due;
  };
  const percentile = (p: number): number => {
    const sorted = [...histogram].sort(([a], [b]) => a - b);
    const total = sorted.reduce((sum, [, n]) => sum + n, 0);
    let seen = 0;
    for (const [ms, n] of sorted) {
      seen += n;
      if (seen >= total * p) return ms;
    }
    return 0;
  };
  return {
    async post(id, frame, refusals) {
      const due = dueAt(frame);
      try {
        const outcome = await post(id, frame, refusals);
        // Refused and tried again: it is counted when it has come to something.
        if (typeof outcome !== 'string') return outcome;
        outcomes[outcome]++;
        if (outcome === 'sent' && due !== null) {
          const late = Math.min(LATEST_MS, Math.max(0, Math.round(clock.now() - due)));
          histogram.set(late, (histogram.get(late) ?? 0) + 1);
        }
        return outcome;
      } catch (error) {
        outcomes.failed++;
        if (outcomes.failed === 1) onFirstFailure(error);
        throw error;
      }
    },
    counts: () => ({
      posts: outcomes.sent + outcomes.gone + outcomes.slow + outcomes.failed,
      gone: outcomes.gone,
      slow: outcomes.slow,
      failed: outcomes.failed,
      listenersPeak,
      latenessP50: percentile(0.5),
      latenessP99: percentile(0.99),
    }),
  };
}
