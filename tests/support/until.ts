import { setTimeout as sleep } from 'node:timers/promises';

/** Looks until it holds; says what it saw last, where it never did. */
export async function until<T>(look: () => T, holds: (seen: T) => boolean, forMs = 20_000): Promise<T> {
  const end = Date.now() + forMs;
  for (;;) {
    const seen = look();
    if (holds(seen) || Date.now() > end) return seen;
    await sleep(50);
  }
}
