/** All that the scripts of the shelf say, in English; the other languages say the same. */

export const english = {
  loading: (percent: string): string => `The sounds are loaded: ${percent}`,
  noSounds: 'The sounds cannot be had. Try again.',
  notLoaded: 'It cannot be loaded. Try again.',
  /** @param why a sentence without its full stop */
  unreadable: (why: string): string => `It cannot be read: ${why}.`,
  noChoice: 'There is nothing to choose from.',
  copied: 'The link is copied.',
  /** @param written the count, as the language writes numbers */
  found: (count: number, written: string): string => (count === 0 ? 'nothing found' : `${written} found`),
  /** @param shown how many of them */
  foundMore: (written: string, shown: number): string => `${written} found, the first ${shown} are shown`,
  noList: 'The list cannot be loaded. Try again.',
};

export type ShelfWords = typeof english;
