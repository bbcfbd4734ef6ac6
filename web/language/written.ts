/** Dates, numbers and counts, written as the language that is spoken writes them. Instants are epoch milliseconds. */
import { isExtra } from '../../src/words.ts';
import { words } from './words.ts';

/** Making a formatter takes far longer than using it, and texts are written several times a second. */
const formatters = new Map<string, Intl.DateTimeFormat>();

export function formatter(
  timeZone: string | undefined,
  options: Intl.DateTimeFormatOptions,
  locale: string = words.locale,
): Intl.DateTimeFormat {
  const key = JSON.stringify([locale, timeZone, options]);
  const known = formatters.get(key);
  if (known) return known;
  const made = new Intl.DateTimeFormat(locale, { ...options, ...(timeZone ? { timeZone } : {}) });
  formatters.set(key, made);
  return made;
}

/** @param timeZone IANA; undefined: the visitor's */
export const inWords = (
  at: number,
  timeZone: string | undefined,
  options: Intl.DateTimeFormatOptions,
): string => formatter(timeZone, options).format(at);

/** Of a date, `2026-11-21`, whatever the zone; what is no date stays as it is. */
function ofDate(date: string, options: Intl.DateTimeFormatOptions): string {
  const at = Date.parse(`${date}T12:00:00Z`);
  return Number.isNaN(at) ? date : inWords(at, 'UTC', options);
}

const LONG = { day: 'numeric', month: 'long', year: 'numeric' } as const;
/** "21 November 2026" of `2026-11-21`; of `2026-11-21-extra` it says so. */
export const dateText = (id: string): string =>
  isExtra(id) ? words.extraOf(ofDate(id.replace(/-extra.*$/, ''), LONG)) : ofDate(id, LONG);
/** "Sat 21" */
export const shortDayText = (id: string): string => ofDate(id, { weekday: 'short', day: 'numeric' });

/** "1,234" */
export const countText = (count: number): string => count.toLocaleString(words.locale);
/** "1,234 notes" */
export const notesText = (count: number): string => words.notes(count, countText(count));
/** "heard by 14", "heard by nobody"; empty where nobody counted. */
export const heardText = (heard: number | null): string =>
  heard === null ? '' : words.heardBy(heard, countText(heard));
/** What there is of some parts, as a list. */
export const listText = (parts: readonly string[]): string => parts.filter(Boolean).join(words.comma);
