/** Time zones of the station's coming broadcasts, by T0; as its public schedule lists them. */
import { ROOT } from '../site/root.ts';

export type Zones = ReadonlyMap<number, string>;

/** The schedule is a file from elsewhere: what is no broadcast, or in no zone that there is, is left out. */
export function zonesOf(schedule: unknown): Zones {
  const list = (schedule as { broadcasts?: unknown } | null)?.broadcasts;
  const zones = new Map<number, string>();
  for (const entry of Array.isArray(list) ? list : []) {
    const { startsAt, timeZone } = (entry ?? {}) as Record<string, unknown>;
    if (typeof startsAt === 'number' && typeof timeZone === 'string' && isZone(timeZone))
      zones.set(startsAt, timeZone);
  }
  return zones;
}

function isZone(timeZone: string): boolean {
  try {
    return Boolean(new Intl.DateTimeFormat('en', { timeZone }));
  } catch {
    return false;
  }
}

/** The zone of a broadcast; of one that is not in the schedule, an operator's "now", that of the next one. */
export const zoneAt = (zones: Zones, startsAt: number): string | null =>
  zones.get(startsAt) ?? zones.values().next().value ?? null;

/** A schedule that does not tell of the coming broadcast is asked for again, but not at once. */
const ASK_EVERY_MS = 10 * 60_000;

/**
 * Asks the schedule for the zone of the coming broadcast; calls back when it is known. Until then, and where the
 * schedule does not answer, it is null, and UTC serves.
 */
export function stationZone(world: {
  readonly fetch: (path: string) => Promise<unknown>;
  readonly now: () => number;
  readonly onZone: () => void;
}): (startsAt: number | null) => string | null {
  let zones: Zones = new Map();
  let askedAt = Number.NEGATIVE_INFINITY;
  return (startsAt) => {
    if (startsAt === null) return null;
    if (!zones.has(startsAt) && world.now() - askedAt > ASK_EVERY_MS) {
      askedAt = world.now();
      world.fetch(`${ROOT}/schedule.json`).then(
        (schedule) => {
          zones = zonesOf(schedule);
          world.onZone();
        },
        // Nobody needs it: the visitor's own time is right, and UTC stands beside it.
        () => {},
      );
    }
    return zoneAt(zones, startsAt);
  };
}
