import { occurrences } from './occurrences.ts';
import { LONGEST_LIMIT_MINUTES, type Window } from './window.ts';

/**
 * Windows to instants: pure, over the machine's time zone database. The same rules arm the timers of one process and
 * those of EventBridge Scheduler, for only instants are handed to either.
 */
export * from './clock-changes.ts';
export * from './conflicts.ts';
export * from './cron.ts';
export * from './describe.ts';
export * from './occurrences.ts';
export * from './upcoming.ts';
export * from './wall.ts';
export * from './weekdays.ts';
export * from './window.ts';
export * from './zones.ts';

/** The daily window that a station has until an operator stores one. */
export const DEFAULT_TIME_OF_DAY = '20:00';
/** Its id: no list shows it, but broadcasts are named after it. */
const VIRTUAL_WINDOW = 'daily';

/** The window that no list shows and that vanishes with the first stored one. */
export const virtualWindow = (timeOfDay: string, timeZone: string): Window => ({
  schema: 1,
  id: VIRTUAL_WINDOW,
  title: '',
  rule: { kind: 'daily', at: timeOfDay, days: [1, 2, 3, 4, 5, 6, 7] },
  timeZone,
  limitMinutes: LONGEST_LIMIT_MINUTES,
  firstDate: null,
  lastDate: null,
  performance: 'today',
  priority: 0,
});

/**
 * The first instant after `after` at which the clocks of a zone show `timeOfDay` (`HH:MM`): never in a spring gap,
 * and in an autumn overlap the first of the two.
 */
export function nextDaily(timeOfDay: string, timeZone: string, after: number): number {
  const next = occurrences(virtualWindow(timeOfDay, timeZone), after).next();
  if (next.done) throw new RangeError(`${timeOfDay} never comes in ${timeZone}`);
  return next.value.startsAt;
}
