import type { Broadcasts, Clock } from '../../ports.ts';

/** Asks again only after `everyMs`; a question that failed is not remembered. */
export function remembered<T>(
  everyMs: number,
  clock: Pick<Clock, 'now'>,
  ask: () => Promise<T>,
): () => Promise<T> {
  let answer: { readonly at: number; readonly value: Promise<T> } | null = null;
  return () => {
    if (answer && clock.now() < answer.at + everyMs) return answer.value;
    const value = ask();
    answer = { at: clock.now(), value };
    value.catch(() => {
      answer = null;
    });
    return value;
  };
}

/** What plays now is the same for all listeners of an instance; a second is how soon a page is told of a stop anyway. */
const CURRENT_MS = 1_000;

/** Spares DynamoDB a thousand listeners' pings; a lease that is known to run is not looked up again. */
export function cachedBroadcasts(
  broadcasts: Broadcasts,
  clock: Pick<Clock, 'now'>,
): Pick<Broadcasts, 'current' | 'leaseUntil'> {
  const runsUntil = new Map<string, number>();
  return {
    current: remembered(CURRENT_MS, clock, broadcasts.current),
    async leaseUntil(id) {
      const known = runsUntil.get(id) ?? 0;
      if (known > clock.now()) return known;
      const until = await broadcasts.leaseUntil(id);
      runsUntil.set(id, until);
      return until;
    },
  };
}
