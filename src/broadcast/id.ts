import type { Occurrence } from '../schedule/occurrences.ts';

/** A broadcast is named after its window and T0, so every timer that fires for it means the same one. */
export const broadcastId = (window: string, startsAt: number): string =>
  `${window}@${new Date(startsAt).toISOString()}`;

/** The other way; null: not the name of a broadcast. */
export function parseBroadcastId(id: string): Pick<Occurrence, 'window' | 'startsAt'> | null {
  const [, window, iso] = /^([a-z0-9-]+)@([\d-]+T[\d:.]+Z)$/.exec(id) ?? [];
  const startsAt = Date.parse(iso ?? '');
  return window && Number.isFinite(startsAt) ? { window, startsAt } : null;
}
