/** Dates and figures in words, the same on the page, in what is published, and in the terminal. */

const LOCALE = 'en-GB';

/** Of a date, whatever the zone. A formatter takes longer to make than to use a thousand times, and is made when needed. */
function ofDate(options: Intl.DateTimeFormatOptions): (date: string) => string {
  let format: Intl.DateTimeFormat | undefined;
  return (date) => {
    const at = Date.parse(`${date}T12:00:00Z`);
    if (Number.isNaN(at)) return date;
    format ??= new Intl.DateTimeFormat(LOCALE, { ...options, timeZone: 'UTC' });
    return format.format(at);
  };
}

/** Whether a performance is none of a day, but one that was played besides: `2026-11-21-extra`, `2026-11-21-extra-2`. */
export const isExtra = (id: string): boolean => /-extra(-\d+)?$/.test(id);
const longDate = ofDate({ day: 'numeric', month: 'long', year: 'numeric' });
/** "21 November 2026" of `2026-11-21`, "an extra of 21 November 2026" of `2026-11-21-extra`; what is no date stays as it is. */
export const dateText = (id: string): string =>
  isExtra(id) ? `an extra of ${longDate(id.replace(/-extra.*$/, ''))}` : longDate(id);
/** "Saturday" */
export const weekdayText = ofDate({ weekday: 'long' });
const longMonth = ofDate({ month: 'long' });
/** "November" of a month, `2026-11`. */
export const monthText = (month: string): string => longMonth(`${month}-01`);

/** "1:23": whole minutes and seconds that have passed. */
export function minutesText(ms: number): string {
  const s = Math.max(0, Math.floor(ms / 1000));
  return `${Math.floor(s / 60)}:${String(s % 60).padStart(2, '0')}`;
}

/** "1,234" */
export const countText = (count: number): string => count.toLocaleString(LOCALE);

/** "heard by 14", "heard by nobody"; empty where nobody counted. */
export function heardText(heard: number | null): string {
  if (heard === null) return '';
  return heard === 0 ? 'heard by nobody' : `heard by ${countText(heard)}`;
}

/** "about $0.012", "about $1.50" */
export const dollarsText = (usd: number): string => `about $${usd < 0.095 ? usd.toFixed(3) : usd.toFixed(2)}`;

/** A performance's title, where it says more than its date does; else ''. */
export const ownTitle = ({ id, title }: { readonly id: string; readonly title: string }): string =>
  title.includes(id) ? '' : title;
