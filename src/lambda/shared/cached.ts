import type { Broadcasts, Clock } from '../../ports.ts';

/**
 * Asks again only after `everyMs`; a question that failed is not remembered.
 * @param everyMs or how long this answer is good for
 */
export function remembered<T>(
  everyMs: number | ((answer: T) => number),
  clock: Pick<Clock, 'now'>,
  ask: () => Promise<T>,
): () => Promise<T> {
  let answer: { until: number; readonly value: Promise<T> } | null = null;
  return () => {
    if (answer && clock.now() < answer.until) return answer.value;
    const at = clock.now();
    const asked = {
      until: at + (typeof everyMs === 'number' ? everyMs : Number.POSITIVE_INFINITY),
      value: ask(),
    };
    answer = asked;
    asked.value.then(
      (value) => {
        if (typeof everyMs !== 'number') asked.until = at + everyMs(value);
      },
      () => {
        answer = null;
      },
    );
    return asked.value;
  };
}

/** What plays now is the same for all listeners of an instance; a second is how soon a page is told of a stop anyway. */
const CURRENT_MS = 1_000;

/**
 * Spares DynamoDB a thousand listeners' pings: a lease that is known to run is not looked up again, and one that was found to have run out
 * not for a second, in which nobody could be woken that was not woken by then.
 */
export function cachedBroadcasts(
  broadcasts: Broadcasts,
  clock: Pick<Clock, 'now'>,
): Pick<Broadcasts, 'current' | 'leaseUntil' | 'get'> {
  const runsUntil = new Map<string, { readonly until: number; readonly askedAt: number }>();
  return {
    current: remembered(CURRENT_MS, clock, broadcasts.current),
    get: broadcasts.get,
    async leaseUntil(id) {
      const now = clock.now();
      const known = runsUntil.get(id);
      const ranOut = known && known.until <= known.askedAt;
      if (known && (known.until > now || (ranOut && now < known.askedAt + CURRENT_MS))) return known.until;
      const until = await broadcasts.leaseUntil(id);
      runsUntil.set(id, { until, askedAt: now });
      return until;
    },
  };
}
