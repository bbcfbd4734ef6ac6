/** Times of the day in words, in the visitor's zone. All instants are epoch milliseconds by the server's clock. */
import { minutesText } from '../../src/words.ts';

const LOCALE = 'en-GB';
const DAY_MS = 86_400_000;

const clockText = (at: number, timeZone?: string): string => inWords(at, timeZone, { timeStyle: 'short' });

/** "Tonight 20:00", "Tomorrow 20:00", "Friday 20:00", "27 November 20:00": in the visitor's zone. */
export function dayAndTime(at: number, now: number, timeZone?: string): string {
  const days = daysBetween(now, at, timeZone);
  const hour = Number(inWords(at, timeZone, { hour: '2-digit', hourCycle: 'h23' }));
  const day =
    days === 0
      ? hour >= 18
        ? 'Tonight'
        : 'Today'
      : days === 1
        ? 'Tomorrow'
        : days > 1 && days < 7
          ? inWords(at, timeZone, { weekday: 'long' })
          : inWords(at, timeZone, { day: 'numeric', month: 'long' });
  return `${day} ${clockText(at, timeZone)}${isTwice(at, timeZone) ? ` ${zoneName(at, timeZone, 'shortOffset')}` : ''}`;
}

/** "at 20:00", "tomorrow at 20:00", "on Friday at 20:00", "on 27 November at 20:00": as part of a sentence. */
export function atHourText(at: number, now: number, timeZone?: string): string {
  const days = daysBetween(now, at, timeZone);
  const day =
    days === 0
      ? ''
      : days === 1
        ? 'tomorrow '
        : days > 1 && days < 7
          ? `on ${inWords(at, timeZone, { weekday: 'long' })} `
          : `on ${inWords(at, timeZone, { day: 'numeric', month: 'long' })} `;
  return `${day}at ${clockText(at, timeZone)}`;
}

/** A piece that was played; where nobody noted when, its date has to do. */
type Played = { readonly id: string; readonly playedAt: number | null };
const NOON = 'T12:00:00Z';

/** "Saturday 28 November, 21:00": when it was played, in the visitor's zone. */
export function playedText({ id, playedAt }: Played, timeZone?: string): string {
  const day = { weekday: 'long', day: 'numeric', month: 'long' } as const;
  if (playedAt === null) return inWords(Date.parse(`${id}${NOON}`), 'UTC', day);
  return `${inWords(playedAt, timeZone, day)}, ${clockText(playedAt, timeZone)}`;
}

/** "Hear last night’s", "Hear today’s", "Hear Friday’s", "Hear 14 November’s"; without a clock of the station's, by date. */
export function hearText({ id, playedAt }: Played, now: number | null, timeZone?: string): string {
  const at = playedAt ?? Date.parse(`${id}${NOON}`);
  const zone = playedAt === null ? 'UTC' : timeZone;
  const days = now === null ? 99 : daysBetween(at, now, zone, timeZone);
  const evening = playedAt === null || Number(inWords(at, zone, { hour: '2-digit', hourCycle: 'h23' })) >= 18;
  if (days === 0) return playedAt !== null && evening ? 'Hear tonight’s' : 'Hear today’s';
  if (days === 1) return evening ? 'Hear last night’s' : 'Hear yesterday’s';
  if (days > 1 && days < 7) return `Hear ${inWords(at, zone, { weekday: 'long' })}’s`;
  return `Hear ${inWords(at, zone, { day: 'numeric', month: 'long' })}’s`;
}

/** By so much clocks are put back: an hour, on Lord Howe Island half of one. Milliseconds. */
const PUT_BACK_MS = [3_600_000, 1_800_000];
/** Whether the clock shows this time twice, because it is put back in between. */
const isTwice = (at: number, timeZone?: string): boolean =>
  PUT_BACK_MS.flatMap((by) => [at - by, at + by]).some(
    (other) => clockText(other, timeZone) === clockText(at, timeZone),
  );

/**
 * Whose time that is, with the station's beside it: "your time (19:00 in London)", or "your time and the station’s"
 * where the clocks of both show the same. While the station's zone is unknown, UTC stands in for it.
 */
export function zoneText(at: number, timeZone?: string, stationZone: string | null = null): string {
  const wall = (zone?: string) => inWords(at, zone, { dateStyle: 'short', timeStyle: 'short' });
  const station = stationZone ?? 'UTC';
  if (wall(timeZone) === wall(station))
    return stationZone === null ? 'your time (UTC)' : 'your time and the station’s';
  const otherDay = daysBetween(at, at, timeZone, station) !== 0;
  const day = otherDay ? `${inWords(at, station, { weekday: 'long' })} ` : '';
  return `your time (${day}${clockText(at, station)} ${placeText(at, station)})`;
}

/** "in Buenos Aires" for a zone that is named after a place, else its short name: "UTC". */
function placeText(at: number, zone: string): string {
  const place = zone.startsWith('Etc/') ? undefined : zone.split('/').slice(1).at(-1);
  return place ? `in ${place.replaceAll('_', ' ')}` : zoneName(at, zone, 'short');
}

const zoneName = (at: number, timeZone: string | undefined, style: 'short' | 'shortOffset'): string =>
  formatter(timeZone, { timeZoneName: style })
    .formatToParts(at)
    .find(({ type }) => type === 'timeZoneName')?.value ?? '';

/** "in 2 days 3 h", "in 6 h 12 min", then minutes and seconds: "12:31". */
export function countdownText(ms: number): string {
  const s = Math.max(0, Math.ceil(ms / 1000));
  const hours = Math.floor(s / 3600);
  if (hours >= 48) return `in ${Math.floor(hours / 24)} days ${hours % 24} h`;
  if (hours >= 1) return `in ${hours} h ${Math.floor((s % 3600) / 60)} min`;
  return minutesText(s * 1000);
}

/** Making a formatter takes far longer than using it, and the texts are written several times a second. */
const formatters = new Map<string, Intl.DateTimeFormat>();
function formatter(timeZone: string | undefined, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = JSON.stringify([timeZone, options]);
  const known = formatters.get(key);
  if (known) return known;
  const made = new Intl.DateTimeFormat(LOCALE, { ...options, ...(timeZone ? { timeZone } : {}) });
  formatters.set(key, made);
  return made;
}

const inWords = (at: number, timeZone: string | undefined, options: Intl.DateTimeFormatOptions): string =>
  formatter(timeZone, options).format(at);

/** `YYYY-MM-DD` of an instant by the clocks of a zone: what a performance is named after. */
export function dateIn(at: number, timeZone: string | undefined): string {
  const [day, month, year] = inWords(at, timeZone, { dateStyle: 'short' }).split('/');
  return `${year}-${month}-${day}`;
}

/** Days between the calendar dates of two instants, each by the clocks of a zone. */
function daysBetween(from: number, to: number, timeZone?: string, toZone = timeZone): number {
  const midnight = (at: number, zone: string | undefined) => Date.parse(`${dateIn(at, zone)}T00:00:00Z`);
  return Math.round((midnight(to, toZone) - midnight(from, timeZone)) / DAY_MS);
}
