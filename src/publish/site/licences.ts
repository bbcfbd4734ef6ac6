/**
 * Under what the public may use a day's music. Whether music that no human wrote is anybody's is disputed: as far as
 * there are rights in it, this licence gives them.
 */
export const MUSIC_LICENCE = {
  name: 'CC BY 4.0',
  spdx: 'CC-BY-4.0',
  url: 'https://creativecommons.org/licenses/by/4.0/',
} as const;
/** Of the weights that are shipped, and of the code; see model/CARD.md. */
export const MODEL_LICENCE = { name: 'MIT', spdx: 'MIT' } as const;
