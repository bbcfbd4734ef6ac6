/**
 * Cron expressions of five fields: minute, hour, day of month, month, day of week. Lists, ranges, steps and English
 * names of months and weekdays, in any case; 0 and 7 are Sunday. A range of weekdays or months may go over the end of the
 * week or year (`fri-mon`, `nov-feb`). Where both kinds of day are restricted, either one suffices (POSIX).
 */
export type Cron = {
  readonly minutes: readonly number[];
  readonly hours: readonly number[];
  /** Whether the rule fires on a date; `weekday` is 1 (Monday) to 7 (Sunday). */
  readonly onDate: (date: {
    readonly day: number;
    readonly month: number;
    readonly weekday: number;
  }) => boolean;
};

type Field = {
  readonly name: string;
  readonly from: number;
  readonly to: number;
  readonly words?: readonly string[];
};

const MINUTE: Field = { name: 'minute', from: 0, to: 59 };
const HOUR: Field = { name: 'hour', from: 0, to: 23 };
const DAY: Field = { name: 'day of month', from: 1, to: 31 };
const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const MONTH: Field = { name: 'month', from: 1, to: 12, words: MONTHS };
const SUNDAY_FIRST = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
const WEEKDAY: Field = { name: 'day of week', from: 0, to: 7, words: SUNDAY_FIRST };
const FIELDS = [MINUTE, HOUR, DAY, MONTH, WEEKDAY] as const;

/** Longest month, February of a leap year included: 29 February is a date, 30 February never comes. */
const MONTH_DAYS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

export function parseCron(expression: string): Cron | { readonly problem: string } {
  const texts = expression.trim().split(/\s+/);
  if (texts.length !== FIELDS.length) {
    return {
      problem: `it has ${texts.length} fields; give five: minute hour day-of-month month day-of-week, like "0 20 * * fri"`,
    };
  }
  const sets: number[][] = [];
  for (const [index, field] of FIELDS.entries()) {
    const values = parseField(texts[index]!, field);
    if ('problem' in values) return values;
    sets.push(values);
  }
  const [minutes, hours, days, months, cronWeekdays] = sets as [
    number[],
    number[],
    number[],
    number[],
    number[],
  ];
  const weekdays = new Set(cronWeekdays.map((weekday) => (weekday === 0 ? 7 : weekday)));
  const anyDay = texts[2]!.startsWith('*');
  const anyWeekday = texts[4]!.startsWith('*');
  // A weekday comes in every month, so only a day of the month can be one that no month has.
  const possible = months.some((month) => days.some((day) => day <= MONTH_DAYS[month - 1]!));
  if (!possible && anyWeekday) return { problem: 'none of its months has such a day' };
  return {
    minutes,
    hours,
    onDate({ day, month, weekday }) {
      if (!months.includes(month)) return false;
      if (!anyDay && !anyWeekday) return days.includes(day) || weekdays.has(weekday);
      return days.includes(day) && weekdays.has(weekday);
    },
  };
}

/** The values that one field names, ascending. */
function parseField(text: string, field: Field): number[] | { readonly problem: string } {
  const { words = [] } = field;
  const names = words.length > 0 ? `, ${words[0]} to ${words.at(-1)}` : '';
  const wrong = (part: string) => ({
    problem: `"${part}" is no ${field.name}: give ${field.from} to ${field.to}${names}, *, a-b, a,b or */n`,
  });
  const values = new Set<number>();
  for (const part of text.toLowerCase().split(',')) {
    const match = /^(\*|[a-z]{3}|\d{1,2})(?:-([a-z]{3}|\d{1,2}))?(?:\/(\d{1,2}))?$/.exec(part);
    if (!match) return wrong(part);
    const [, first, last, step] = match as unknown as [string, string, string?, string?];
    const from = first === '*' ? field.from : numberOf(first, field);
    const toEnd = first === '*' || (last === undefined && step !== undefined);
    const to = last !== undefined ? numberOf(last, field) : toEnd ? field.to : from;
    const by = step === undefined ? 1 : Number(step);
    // Days of the week and months come round again; minutes, hours and dates are not meant to.
    const end = to < from ? to + words.length : to;
    const inside = [from, to].every((value) => value >= field.from && value <= field.to) && from <= end;
    if (!inside || by < 1 || (first === '*' && last !== undefined)) return wrong(part);
    for (let value = from; value <= end; value += by) {
      values.add(value > field.to ? value - words.length : value);
    }
  }
  return [...values].sort((a, b) => a - b);
}

/** NaN for what is neither a number nor one of the field's words. */
function numberOf(text: string, { words, from }: Field): number {
  if (/^\d+$/.test(text)) return Number(text);
  const index = words?.indexOf(text) ?? -1;
  return index < 0 ? Number.NaN : index + from;
}
