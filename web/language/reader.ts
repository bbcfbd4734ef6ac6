/** What stands printed in the pages, in English, in another language: known sentences, sentences with gaps, and lists of both. */
import type { Words } from './english.ts';
import type { Printed } from './printed/sentences.ts';
import { countText, dateText, formatter, heardText, notesText } from './written.ts';

/** A language other than English, whole. */
export type Tongue = Words & { readonly printed: Printed };

const DOT = ' · ';
const COMMA = ', ';
const MARK = 'Pianola';
const GAP = /\{=?\}/;
const GAPS = /\{=?\}/g;

/** Names in English, to where they are in the year or the week: what Intl needs to name them otherwise. */
const MONTHS = namesOf(12, (i) => Date.UTC(2026, i, 15), { month: 'long' });
const WEEKDAYS = namesOf(7, (i) => Date.UTC(2026, 0, 5 + i, 12), { weekday: 'long' });

function namesOf(
  count: number,
  at: (i: number) => number,
  options: Intl.DateTimeFormatOptions,
): ReadonlyMap<string, number> {
  return new Map(
    Array.from({ length: count }, (_, i) => [formatter('UTC', options, 'en-GB').format(at(i)), at(i)]),
  );
}

/** @returns what to print in its place; null: it is not known. `say` must be the language that is spoken. */
export function reader(say: Tongue): (text: string) => string | null {
  const gaps = Object.entries(say.printed)
    .filter(([english]) => GAP.test(english))
    // A longer sentence may begin as a shorter one does.
    .sort(([a], [b]) => b.length - a.length)
    .map(([english, other]) => ({
      pattern: patternOf(english),
      asItIs: [...english.matchAll(GAPS)].map(([gap]) => gap === '{=}'),
      other,
    }));

  const filled = (text: string): string | null => {
    for (const { pattern, asItIs, other } of gaps) {
      const found = pattern.exec(text)?.slice(1);
      if (!found) continue;
      const parts = found.map((part, i) => (asItIs[i] ? part : (read(part) ?? part)));
      return other.replace(GAPS, () => parts.shift() ?? '');
    }
    return null;
  };
  const named = (
    text: string,
    options: Intl.DateTimeFormatOptions,
    names: ReadonlyMap<string, number>,
    length = 99,
  ) => {
    const name = [...names.keys()].find((full) => full.slice(0, length) === text);
    return name ? formatter('UTC', options).format(names.get(name)) : null;
  };
  /** A date, a name of the calendar, a count, a title, or nothing but figures. */
  const atom = (text: string): string | null => {
    const date = /^(an extra of )?(\d{1,2}) (\p{L}+) (\d{4})$/u.exec(text);
    const month = MONTHS.get(date?.[3] ?? '');
    if (date && month !== undefined) {
      const id = new Date(Date.UTC(Number(date[4]), new Date(month).getUTCMonth(), Number(date[2]), 12));
      return dateText(`${id.toISOString().slice(0, 10)}${date[1] ? '-extra' : ''}`);
    }
    const number = (digits: string) => Number(digits.replaceAll(',', ''));
    if (/^\d{1,3}(,\d{3})+$/.test(text)) return countText(number(text));
    const notes = /^([\d,]+) notes?$/.exec(text);
    if (notes) return notesText(number(notes[1]!));
    const heard = /^heard by ([\d,]+|nobody)$/.exec(text);
    if (heard) return heardText(heard[1] === 'nobody' ? 0 : number(heard[1]!));
    const name =
      named(text, { weekday: 'long' }, WEEKDAYS) ??
      named(text, { month: 'long' }, MONTHS) ??
      named(text, { month: 'short' }, MONTHS, 3) ??
      named(text, { weekday: 'short' }, WEEKDAYS, 2);
    if (name) return name;
    const title = say.title(text);
    if (title !== text) return title;
    return /\p{L}/u.test(text) ? null : text;
  };
  const whole = (text: string) => say.printed[text] ?? filled(text) ?? atom(text);
  /** A list: each of its parts, which are put together as they were; null where any is unknown. */
  const list = (text: string, between: string, joined: string, of: (part: string) => string | null) => {
    const parts = text.split(between).map((part) => (part === MARK ? part : of(part)));
    return parts.length > 1 && parts.every((part) => part !== null) ? parts.join(joined) : null;
  };
  const read = (text: string): string | null =>
    whole(text) ??
    list(text, DOT, DOT, (part) => whole(part) ?? list(part, COMMA, say.comma, whole)) ??
    list(text, COMMA, say.comma, whole);
  return read;
}

const patternOf = (sentence: string): RegExp =>
  new RegExp(
    `^${sentence
      .split(GAPS)
      .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
      .join('(.+?)')}$`,
    'u',
  );
