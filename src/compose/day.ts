import type { PerformanceRecord, Performances, StoredPerformance } from '../ports.ts';
import { type ComposePorts, type ComposeSettings, compose } from './performance.ts';

/** Length of a day's performance and of a Sunday's, minutes; the rolls' pieces have a median of 5.8 and a p95 of 12.2. */
export const DEFAULT_MINUTES = 8;
export const SUNDAY_MINUTES = 15;
/** The seed of a day: its date as a number, 20261121. */
export const seedOf = (date: string): number => Number(date.replaceAll('-', ''));

/** How long a day's performance is. @param date of the station's calendar */
export const minutesOf = (date: string): number =>
  new Date(`${date}T00:00:00Z`).getUTCDay() === 0 ? SUNDAY_MINUTES : DEFAULT_MINUTES;

/** What an ending may take beyond the length asked for; minutes. */
const SPARE_MINUTES = 0.5;
/** A length that is over before a broadcast is stopped. @param limit when that is, minutes */
export const minutesBefore = (limit: number, minutes: number): number =>
  Math.min(minutes, Math.max(SPARE_MINUTES, limit - SPARE_MINUTES));

export type DayOutcome =
  | { readonly outcome: 'composed' | 'present'; readonly performance: StoredPerformance }
  | { readonly outcome: 'conflict'; readonly existing: PerformanceRecord; readonly differs: string };

/** What may be asked of a day beyond its date. */
type Explicit = Partial<Pick<ComposeSettings, 'seed' | 'minutes' | 'candidates' | 'preludeMinutes'>>;

/**
 * The performance of a day: composed and stored if it is not there yet. A retry or a duplicate event finds the
 * one that is. Settings given explicitly must be those of the stored one, unless `force` replaces it.
 */
export async function composeDay(
  request: Pick<ComposeSettings, 'date' | 'deadline' | 'tokenBudget'> &
    Explicit & { readonly force?: boolean },
  performances: Performances,
  /** Opened only when there is something to compose. */
  open: () => Promise<ComposePorts>,
): Promise<DayOutcome> {
  const stored = request.force ? null : await performances.get(request.date);
  if (stored) return agree(request, stored);
  const ports = await open();
  const { date, force, ...rest } = request;
  const settings = { seed: seedOf(date), minutes: minutesOf(date), ...rest, date };
  let performance: StoredPerformance;
  try {
    performance = await compose(settings, ports);
  } finally {
    await ports.release?.();
  }
  if (force) {
    await performances.replace(performance);
  } else if ((await performances.create(performance)) === 'exists') {
    const first = await performances.get(date);
    if (first) return agree(request, first);
  }
  return { outcome: 'composed', performance };
}

function agree(request: Explicit, stored: StoredPerformance): DayOutcome {
  const { seed, settings } = stored.record;
  const differs: string[] = [];
  if (request.seed !== undefined && request.seed !== seed) differs.push(`seed ${seed}, not ${request.seed}`);
  if (request.minutes !== undefined && request.minutes !== settings.minutes) {
    differs.push(`${settings.minutes} minutes, not ${request.minutes}`);
  }
  if (request.candidates !== undefined && request.candidates !== settings.candidates) {
    differs.push(`${settings.candidates} candidates, not ${request.candidates}`);
  }
  if (request.preludeMinutes !== undefined && request.preludeMinutes !== settings.preludeMinutes) {
    differs.push(`a prelude of ${settings.preludeMinutes ?? 0} minutes, not ${request.preludeMinutes}`);
  }
  if (differs.length === 0) return { outcome: 'present', performance: stored };
  return { outcome: 'conflict', existing: stored.record, differs: differs.join('; ') };
}
