/** Which language a visitor is spoken to in. */

/** All but English, which is in the page itself. */
export const LANGUAGES = ['de', 'fr', 'es', 'ja'] as const;
export type Language = (typeof LANGUAGES)[number];

/** Whose dates English has. */
export const ENGLISH = 'en-GB';

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

/** Rooms of the site that say things which no other page says: their words come with the language's own, in one file. */
export const ROOMS = ['play', 'shelf'] as const;

/**
 * The script that has all the words of a page in a language.
 * @param path of the page's address, below the site's own root
 */
export function wordsFile(path: string, language: Language): string {
  const room = ROOMS.find((name) => path.startsWith(`/${name}/`));
  return `/words-${room ? `${room}-` : ''}${language}.js`;
}
