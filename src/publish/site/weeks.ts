const DAY_MS = 86_400_000;
const DAYS = 7;

const toMs = (date: string): number => Date.parse(`${date}T00:00:00Z`);
const toDate = (ms: number): string => new Date(ms).toISOString().slice(0, 10);
/** 0 for Monday to 6 for Sunday. */
const weekdayOf = (ms: number): number => (new Date(ms).getUTCDay() + 6) % DAYS;

/** A week of a year's calendar: seven dates from Monday on, `null` where the day belongs to another year. */
export type Week = { readonly label: string; readonly dates: readonly (string | null)[] };

/** "W47": the ISO 8601 week of a date. Week 1 holds the year's first Thursday. */
export function isoWeek(date: string): string {
  const thursday = toMs(date) + (3 - weekdayOf(toMs(date))) * DAY_MS;
  const firstOfYear = toMs(`${toDate(thursday).slice(0, 4)}-01-01`);
  return `W${String(1 + Math.floor((thursday - firstOfYear) / (DAYS * DAY_MS))).padStart(2, '0')}`;
}

/** The weeks of a year from the one that holds `first` to the one that holds `last`, newest first. */
export function weeksOf(first: string, last: string): Week[] {
  const year = first.slice(0, 4);
  const monday = toMs(first) - weekdayOf(toMs(first)) * DAY_MS;
  const weeks: Week[] = [];
  for (let from = monday; from <= toMs(last); from += DAYS * DAY_MS) {
    const dates = Array.from({ length: DAYS }, (_, i) => toDate(from + i * DAY_MS));
    weeks.unshift({
      label: isoWeek(dates[0]!),
      dates: dates.map((date) => (date.startsWith(year) ? date : null)),
    });
  }
  return weeks;
}
