/** Which language a visitor is spoken to in. */

/** All but English, which is in the page itself. */
export const LANGUAGES = ['de', 'fr', 'es', 'ja'] as const;
export type Language = (typeof LANGUAGES)[number];

/**
 * The first of the visitor's languages that there is; null: English, also where there is none of theirs.
 * @param wished BCP 47, the dearest first, as `navigator.languages` has them
 */
export function chosen(wished: readonly string[]): Language | null {
  for (const tag of wished) {
    const primary = tag.toLowerCase().split('-')[0];
    if (primary === 'en') return null;
    const found = LANGUAGES.find((language) => language === primary);
    if (found) return found;
  }
  return null;
}

/** Pages that are in English alone. */
const ENGLISH_ALONE = /\/(play|shelf)\//;

/** The language of a page; null: English. @param path of its address */
export const languageOf = (path: string, wished: readonly string[]): Language | null =>
  ENGLISH_ALONE.test(path) ? null : chosen(wished);
