import type { Clock } from '../ports.ts';

/** All listeners of a process find the same broadcast orphaned; one of them is enough, milliseconds. */
const EVERY_MS = 5_000;

/**
 * Wakes a broadcaster for the same broadcast no sooner than every five seconds. One that cannot be woken is logged: who
 * asked is served all the same, and the next who finds nobody at work tries again.
 */
export function wakeSparingly(
  wake: (broadcastId: string) => Promise<unknown>,
  clock: Pick<Clock, 'now'>,
  onError: (error: unknown) => void,
): (broadcastId: string) => Promise<void> {
  let last = { id: '', at: Number.NEGATIVE_INFINITY };
  return async (id) => {
    const now = clock.now();
    // A clock that was set back says nothing about how long ago it was.
    if (id === last.id && Math.abs(now - last.at) < EVERY_MS) return;
    last = { id, at: now };
    await wake(id).catch(onError);
  };
}
