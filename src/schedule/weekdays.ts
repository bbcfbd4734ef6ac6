/** Weekdays as people write them: `fri`, `mon,wed`, `mon-fri`, `fri-mon` over the end of the week; in any case. */
const NAMES = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];

/**
 * The days that a list of names and ranges means, ISO numbers (1 is Monday), ascending, each once.
 * A name may be cut short to two letters or more; a range that ends before it begins goes over Sunday.
 */
export function parseWeekdays(text: string): readonly number[] | { readonly problem: string } {
  const days = new Set<number>();
  for (const part of text.toLowerCase().split(',')) {
    const ends = part.split('-').map((word) => numberOf(word.trim()));
    const [first, last = first] = ends;
    if (!first || !last || ends.length > 2) return { problem: `"${part.trim()}" is no weekday` };
    for (let day = first; ; day = (day % 7) + 1) {
      days.add(day);
      if (day === last) break;
    }
  }
  return [...days].sort((a, b) => a - b);
}

/** 0: no weekday. */
const numberOf = (word: string): number =>
  word.length < 2 ? 0 : NAMES.findIndex((name) => name.startsWith(word)) + 1;
