/** Dates and figures in words, for pages that are made once and read anywhere. */

/** A formatter takes longer to make than to use a thousand times. */
function inWords(options: Intl.DateTimeFormatOptions): (date: string) => string {
  const format = new Intl.DateTimeFormat('en-GB', { ...options, timeZone: 'UTC' });
  return (date) => format.format(Date.parse(`${date}T12:00:00Z`));
}

/** "21 November 2026" of `2026-11-21`. */
export const dateText = inWords({ day: 'numeric', month: 'long', year: 'numeric' });
/** "Saturday" */
export const weekdayText = inWords({ weekday: 'long' });
/** "November" of a month, `2026-11`. */
export const monthText = (month: string): string => longMonth(`${month}-01`);
const longMonth = inWords({ month: 'long' });

/** "1:23" */
export function minutesText(ms: number): string {
  const s = Math.max(0, Math.floor(ms / 1000));
  return `${Math.floor(s / 60)}:${String(s % 60).padStart(2, '0')}`;
}

export const countText = (count: number): string => count.toLocaleString('en-GB');

/** The title, where it says more than the date does. */
export function ownTitle({ id, title }: { readonly id: string; readonly title: string }): string {
  return title === id || title === `Pianola ${id}` ? '' : title;
}

/** "heard by 14", "heard by nobody"; empty where nobody counted. */
export function heardText(heard: number | null): string {
  if (heard === null) return '';
  return heard === 0 ? 'heard by nobody' : `heard by ${countText(heard)}`;
}

/** What a day cost: dollars, 0 for a station that is one computer, null where nobody knows. */
export function costText(usd: number | null, pricesDate: string | null): string {
  if (usd === null) return 'not known';
  if (usd === 0) return 'nothing: played by a computer that was on anyway';
  const prices = pricesDate ? `, estimated by list prices of ${dateText(pricesDate)}` : '';
  return `about $${usd < 0.095 ? usd.toFixed(3) : usd.toFixed(2)}${prices}`;
}
