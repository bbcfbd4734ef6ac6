/** A change of windows cuts nothing that is on the air, whoever began it: a window, the daily one, or an operator. */
import { broadcastId } from '../broadcast/id.ts';
import type { Broadcasts, Clock } from '../ports.ts';
import {
  DOORS_MS,
  happens,
  LONGEST_LIMIT_MINUTES,
  type Occurrence,
  upcoming,
  type Window,
} from '../schedule/index.ts';
import { limitOf } from './arm.ts';
import { onAir } from './play-now.ts';

/** What plays, when it is over at the latest, and what would open its doors before that. */
export type Meeting = {
  readonly broadcast: string;
  readonly until: number;
  readonly occurrence: Occurrence;
};

/**
 * The first broadcast that a change of windows would bring into what is on the air; null: none. What was to come
 * before the change is none of its doing.
 */
export async function meetsOnAir(
  before: readonly Window[],
  after: readonly Window[],
  {
    broadcasts,
    clock,
  }: { readonly broadcasts: Pick<Broadcasts, 'current'>; readonly clock: Pick<Clock, 'now'> },
): Promise<Meeting | null> {
  const row = await onAir(broadcasts, clock.now());
  if (!row) return null;
  // Nobody knows how long it will be before it is chosen, or composed to its end: it may be as long as one may be.
  const longest = limitOf(row.id, before) ?? row.startsAt + LONGEST_LIMIT_MINUTES * 60_000;
  const until = row.durationMs === null ? longest : Math.min(longest, row.startsAt + row.durationMs);
  for (const occurrence of upcoming(after, clock.now())) {
    const { window: id, startsAt } = occurrence;
    if (startsAt - DOORS_MS >= until) return null;
    const known = before.find((window) => window.id === id);
    const isNew = !known || !happens(known, startsAt, before);
    if (isNew && broadcastId(id, startsAt) !== row.id) return { broadcast: row.id, until, occurrence };
  }
  return null;
}
