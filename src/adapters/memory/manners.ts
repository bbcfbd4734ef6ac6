import type { Clock, Manners } from '../../ports.ts';
import { BAD_WITHIN_MS, verdict } from '../bad-messages.ts';

/** Manners of the connections of this process. */
export function memoryManners(clock: Pick<Clock, 'now'>): Manners {
  const times = new Map<string, readonly number[]>();
  return async (connectionId) => {
    const now = clock.now();
    // Whoever has behaved for a minute is forgotten.
    for (const [id, at] of times) if (at.at(-1)! <= now - BAD_WITHIN_MS) times.delete(id);
    const recent = [...(times.get(connectionId) ?? []).filter((at) => at > now - BAD_WITHIN_MS), now];
    times.set(connectionId, recent);
    return verdict(recent, now);
  };
}
