/** A hole in the margin of what has just been heard: one each, counted, and nothing kept of who. */
import type { Broadcast, Broadcasts, Clock, Punches } from '../../ports.ts';
import type { Margin } from '../../wire.ts';
import { isExtra } from '../../words.ts';

/** A margin holds no more, so that its pictures stay pictures, whoever opens how many connections. */
export const MOST_HOLES = 2_000;
/** From the last note on; milliseconds. */
export const PUNCH_MS = 600_000;
/** A page whose clock is a little ahead of ours is not sent away. */
const EARLY_MS = 1_000;

export type PunchPorts = {
  readonly broadcasts: Pick<Broadcasts, 'get'>;
  readonly punches: Pick<Punches, 'punch'>;
  readonly mayPunch?: () => boolean;
  readonly clock: Pick<Clock, 'now'>;
};

/** @returns the answer; whatever it is but "punched", nothing has changed */
export async function punch(
  connectionId: string,
  broadcast: string,
  { broadcasts, punches, mayPunch = () => true, clock }: PunchPorts,
): Promise<Margin> {
  const refuse = (outcome: Margin['outcome']): Margin => ({
    ...{ type: 'margin', broadcast, outcome, holes: null },
  });
  const day = marginOf(await broadcasts.get(broadcast));
  if (!day) return refuse('unknown');
  const sinceEndMs = clock.now() - day.endsAt;
  if (sinceEndMs < -EARLY_MS) return refuse('early');
  if (sinceEndMs >= PUNCH_MS) return refuse('late');
  if (!mayPunch()) return refuse('wait');
  return { type: 'margin', broadcast, ...(await punches.punch(connectionId, day.performance, MOST_HOLES)) };
}

/** What was stopped, silent or an extra has no page, and so no margin. */
function marginOf(row: Broadcast | null): { readonly performance: string; readonly endsAt: number } | null {
  if (!row?.performance || row.durationMs === null || isExtra(row.performance)) return null;
  if (row.state === 'stopped' || row.state === 'cancelled') return null;
  return { performance: row.performance, endsAt: row.startsAt + row.durationMs };
}
