/** Who sends more than any page does. */
import type { Clock } from '../ports.ts';

/** Messages of one connection in ten seconds. A page sends eight pings and a join at once, and then one in forty seconds. */
const MESSAGES_AT_MOST = 40;
const WINDOW_MS = 10_000;

/**
 * Counts messages by connection, in the memory of this process: where there are several, a flood meets each of them.
 * `close`: this one is too many; `closed`: so was one before it, and nothing is to be done any more.
 */
export function floodLimit(clock: Pick<Clock, 'now'>): (connectionId: string) => 'bear' | 'close' | 'closed' {
  let since = clock.now();
  let counts = new Map<string, number>();
  return (connectionId) => {
    const now = clock.now();
    // A clock that was set back begins anew as well.
    if (now >= since + WINDOW_MS || now < since) [since, counts] = [now, new Map()];
    const count = (counts.get(connectionId) ?? 0) + 1;
    counts.set(connectionId, count);
    if (count <= MESSAGES_AT_MOST) return 'bear';
    return count === MESSAGES_AT_MOST + 1 ? 'close' : 'closed';
  };
}
