/** Times of the day in words, in the visitor's zone. All instants are epoch milliseconds by the server's clock. */
import { minutesText } from '../../src/words.ts';
import { type Near, words } from '../language/words.ts';
import { formatter, inWords } from '../language/written.ts';

const DAY_MS = 86_400_000;
/** From this hour on it is evening. */
const EVENING_HOUR = 18;

const clockText = (at: number, timeZone?: string): string => inWords(at, timeZone, { timeStyle: 'short' });
const isEvening = (at: number, timeZone: string | undefined): boolean =>
  Number(formatter(timeZone, { hour: '2-digit', hourCycle: 'h23' }, 'en-GB').format(at)) >= EVENING_HOUR;

/** How near a day is that is so many days ahead, and its name: a weekday within a week, else a date. */
function dayAhead(at: number, now: number, timeZone?: string): readonly [near: Near, day: string] {
  const days = daysBetween(now, at, timeZone);
  if (days === 0) return [isEvening(at, timeZone) ? 'tonight' : 'today', ''];
  if (days === 1) return ['tomorrow', ''];
  return days > 1 && days < 7
    ? ['weekday', inWords(at, timeZone, { weekday: 'long' })]
    : ['date', inWords(at, timeZone, { day: 'numeric', month: 'long' })];
}

/** "Tonight 20:00", "Tomorrow 20:00", "Friday 20:00", "27 November 20:00": in the visitor's zone. */
export function dayAndTime(at: number, now: number, timeZone?: string): string {
  const time = `${clockText(at, timeZone)}${isTwice(at, timeZone) ? ` ${zoneName(at, timeZone, 'shortOffset')}` : ''}`;
  return words.dayAndTime(...dayAhead(at, now, timeZone), time);
}

/** "Be there at 20:00", "Be there tomorrow at 20:00", "Be there on Friday at 20:00". */
export const beThereText = (at: number, now: number, timeZone?: string): string =>
  words.beThere(...dayAhead(at, now, timeZone), clockText(at, timeZone));

/** A piece that was played; where nobody noted when, its date has to do. */
type Played = { readonly id: string; readonly playedAt: number | null };
const NOON = 'T12:00:00Z';

/** "Saturday 28 November, 21:00": when it was played, in the visitor's zone. */
export function playedText({ id, playedAt }: Played, timeZone?: string): string {
  const day = { weekday: 'long', day: 'numeric', month: 'long' } as const;
  if (playedAt === null) return inWords(Date.parse(`${id}${NOON}`), 'UTC', day);
  return `${inWords(playedAt, timeZone, day)}${words.comma}${clockText(playedAt, timeZone)}`;
}

/** "Hear last night’s", "Hear today’s", "Hear Friday’s", "Hear 14 November’s"; without a clock of the station's, by date. */
export function hearText({ id, playedAt }: Played, now: number | null, timeZone?: string): string {
  const at = playedAt ?? Date.parse(`${id}${NOON}`);
  const zone = playedAt === null ? 'UTC' : timeZone;
  const days = now === null ? 99 : daysBetween(at, now, zone, timeZone);
  const evening = playedAt === null || isEvening(at, zone);
  if (days === 0) return words.hear(playedAt !== null && evening ? 'tonight' : 'today', '');
  if (days === 1) return words.hear(evening ? 'lastNight' : 'yesterday', '');
  if (days > 1 && days < 7) return words.hear('weekday', inWords(at, zone, { weekday: 'long' }));
  return words.hear('date', inWords(at, zone, { day: 'numeric', month: 'long' }));
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
  if (wall(timeZone) === wall(station)) return stationZone === null ? words.yourTimeUtc : words.yourTimeToo;
  const otherDay = daysBetween(at, at, timeZone, station) !== 0;
  const day = otherDay ? `${inWords(at, station, { weekday: 'long' })} ` : '';
  return words.yourTime(placed(`${day}${clockText(at, station)}`, at, station));
}

/** "20:00 in Buenos Aires" for a zone that is named after a place, else with its short name: "20:00 UTC". */
function placed(time: string, at: number, zone: string): string {
  const place = zone.startsWith('Etc/') ? undefined : zone.split('/').slice(1).at(-1);
  return place ? words.inPlace(time, place.replaceAll('_', ' ')) : `${time} ${zoneName(at, zone, 'short')}`;
}

const zoneName = (at: number, timeZone: string | undefined, style: 'short' | 'shortOffset'): string =>
  formatter(timeZone, { timeZoneName: style })
    .formatToParts(at)
    .find(({ type }) => type === 'timeZoneName')?.value ?? '';

/** "in 2 days 3 h", "in 6 h 12 min", then minutes and seconds: "12:31". */
export function countdownText(ms: number): string {
  const s = Math.max(0, Math.ceil(ms / 1000));
  const hours = Math.floor(s / 3600);
  if (hours >= 48) return words.inDays(Math.floor(hours / 24), hours % 24);
  if (hours >= 1) return words.inHours(hours, Math.floor((s % 3600) / 60));
  return minutesText(s * 1000);
}

/** `YYYY-MM-DD` of an instant by the clocks of a zone: what a performance is named after. */
export function dateIn(at: number, timeZone: string | undefined): string {
  const [day, month, year] = formatter(timeZone, { dateStyle: 'short' }, 'en-GB').format(at).split('/');
  return `${year}-${month}-${day}`;
}

/** Days between the calendar dates of two instants, each by the clocks of a zone. */
function daysBetween(from: number, to: number, timeZone?: string, toZone = timeZone): number {
  const midnight = (at: number, zone: string | undefined) => Date.parse(`${dateIn(at, zone)}T00:00:00Z`);
  return Math.round((midnight(to, toZone) - midnight(from, timeZone)) / DAY_MS);
}
