/** Times and dates in words. All instants are epoch milliseconds by the server's clock. */

const LOCALE = 'en-GB';
const DAY_MS = 86_400_000;

export const clockText = (at: number, timeZone?: string): string =>
  inWords(at, timeZone, { timeStyle: 'short' });

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
  return `${day} ${clockText(at, timeZone)}`;
}

/** "your time (19:00 UTC)"; the parenthesis says nothing new where the visitor lives by UTC. */
export function zoneText(at: number, timeZone?: string): string {
  const utc = clockText(at, 'UTC');
  return clockText(at, timeZone) === utc ? 'your time (UTC)' : `your time (${utc} UTC)`;
}

/** "in 2 days 3 h", "in 6 h 12 min", then minutes and seconds: "12:31". */
export function countdownText(ms: number): string {
  const s = Math.max(0, Math.ceil(ms / 1000));
  const hours = Math.floor(s / 3600);
  if (hours >= 48) return `in ${Math.floor(hours / 24)} days ${hours % 24} h`;
  if (hours >= 1) return `in ${hours} h ${Math.floor((s % 3600) / 60)} min`;
  return minutesText(s * 1000);
}

/** "1:23" */
export function minutesText(ms: number): string {
  const s = Math.max(0, Math.floor(ms / 1000));
  return `${Math.floor(s / 60)}:${String(s % 60).padStart(2, '0')}`;
}

/** "21 November 2026" of a performance's id; the id itself where it is no date. */
export function dateText(id: string): string {
  const at = Date.parse(`${id}T12:00:00Z`);
  return Number.isNaN(at) ? id : inWords(at, 'UTC', { day: 'numeric', month: 'long', year: 'numeric' });
}

function inWords(at: number, timeZone: string | undefined, options: Intl.DateTimeFormatOptions): string {
  return new Intl.DateTimeFormat(LOCALE, { ...options, ...(timeZone ? { timeZone } : {}) }).format(at);
}

/** Days between the calendar dates of two instants. */
function daysBetween(from: number, to: number, timeZone?: string): number {
  const midnight = (at: number): number => {
    const date = new Intl.DateTimeFormat('en-CA', { dateStyle: 'short', ...(timeZone ? { timeZone } : {}) });
    return Date.parse(`${date.format(at)}T00:00:00Z`);
  };
  return Math.round((midnight(to) - midnight(from)) / DAY_MS);
}
