/** What an engraver writes above and between the staves of a score as it was played. */
import type { Phrase } from '../score/phrases.ts';
import type { Score } from '../score/score.ts';
import { lastAtOrBefore } from '../search.ts';
import { beatOf } from './beats.ts';
import type { Interpretation } from './interpretation.ts';
import type { Played } from './perform.ts';

export type Markings = {
  /** The tempo word, and its beats a minute; a beat is so many steps. */
  readonly tempo: { readonly word: string; readonly beatSteps: number; readonly perMinute: number };
  /** Where loudness changes: the first phrase, and each that differs from the one before. */
  readonly dynamics: readonly { readonly bar: number; readonly mark: string }[];
  /** The bar in which the final ritard is heard to begin; null for none. */
  readonly ritardBar: number | null;
};

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
/** Bars before that of the last strike. */
const RITARD_BARS = 1;

export function markingsOf(
  score: Score,
  phrases: readonly Phrase[],
  plan: Interpretation,
  { notes }: Pick<Played, 'notes'>,
): Markings {
  const beatSteps = beatOf(score.bars[0]!.metre);
  const perMinute = Math.round((plan.tempo * 24) / beatSteps);
  const starts = phrases.map(({ firstBar }) => score.bars[firstBar]!.start);
  const sums = phrases.map(() => ({ velocity: 0, count: 0 }));
  score.notes.forEach(({ onset }, i) => {
    const sum = sums[Math.max(0, lastAtOrBefore(starts, onset))]!;
    sum.velocity += notes[i]!.velocity;
    sum.count++;
  });
  const dynamics: { bar: number; mark: string }[] = [];
  phrases.forEach(({ firstBar }, i) => {
    const { velocity, count } = sums[i]!;
    if (count === 0) return;
    const mark = dynamicOf(velocity / count);
    if (dynamics.at(-1)?.mark !== mark) dynamics.push({ bar: firstBar, mark });
  });
  const lastBar = lastAtOrBefore(
    score.bars.map(({ start }) => start),
    score.notes.at(-1)!.onset,
  );
  return {
    tempo: { word: tempoWord(perMinute), beatSteps, perMinute },
    dynamics,
    ritardBar: plan.rules.finalRitard > 0 ? Math.max(0, lastBar - RITARD_BARS) : null,
  };
}

/** Of beats a minute: "Andante". */
export const tempoWord = (perMinute: number): string => nameOf(WORDS, perMinute);
/** Of a mean velocity, 1–127: "mp". */
export const dynamicOf = (velocity: number): string => nameOf(MARKS, velocity);

const nameOf = (names: readonly [below: number, name: string][], value: number): string =>
  names.find(([below]) => value < below)![1];
