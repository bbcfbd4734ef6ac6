/** The words and marks for a tempo and a loudness as played. */

/** Beats a minute below which a word holds, as on metronomes. */
const WORDS: readonly [below: number, word: string][] = [
  [52, 'Largo'],
  [66, 'Adagio'],
  [84, 'Andante'],
  [104, 'Moderato'],
  [120, 'Allegretto'],
  [144, 'Allegro'],
  [Number.POSITIVE_INFINITY, 'Vivace'],
];
/** Mean velocities below which a mark holds. */
const MARKS: readonly [below: number, mark: string][] = [
  [34, 'pp'],
  [44, 'p'],
  [54, 'mp'],
  [64, 'mf'],
  [76, 'f'],
  [Number.POSITIVE_INFINITY, 'ff'],
];

/** Of beats a minute: "Andante". */
export const tempoWord = (perMinute: number): string => nameOf(WORDS, perMinute);
/** Of a mean velocity, 1–127: "mp". */
export const dynamicOf = (velocity: number): string => nameOf(MARKS, velocity);

const nameOf = (names: readonly [below: number, name: string][], value: number): string =>
  names.find(([below]) => value < below)![1];
