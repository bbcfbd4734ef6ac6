/**
 * Tempo over phrases: it gathers speed and slows down at a constant rate, so that its square is a straight line over the
 * score; and loudness follows it (Todd, "The dynamics of dynamics", JASA 91, 1992). How much: the phrase arch of the KTH
 * rules, a tenth slower where a phrase begins and a fifth where it ends, and an arch for half of it.
 */
import type { Cadence, Phrase } from '../score/phrases.ts';
import type { Score } from '../score/score.ts';
import { lastAtOrBefore } from '../search.ts';
import type { Interpretation } from './interpretation.ts';

const BEGINS = 0.1;
const ENDS = 0.2;
/** Where speed is highest, as a part of the phrase. */
const TURN = 0.45;
/** How much of its slowing down a phrase has, by how it rests. */
export const RESTS: Readonly<Record<Cadence, number>> = { open: 0.6, half: 0.9, full: 1.2, final: 0.8 };
/** Phrases of so many bars have halves. */
const HALVED = 4;

/** How fast at a place of an arc, of the fastest, 0–1. @param x 0 to 1 @param start speed at 0 @param end speed at 1 */
export function arc(x: number, start: number, end: number, turn = TURN): number {
  if (x < turn) return Math.sqrt(start ** 2 + (1 - start ** 2) * (x / turn));
  return Math.sqrt(1 + (end ** 2 - 1) * ((x - turn) / (1 - turn)));
}

/** @returns how fast at a step, around 1, the mean of each phrase */
export function phraseSpeed(
  score: Score,
  phrases: readonly Phrase[],
  { rules }: Pick<Interpretation, 'rules'>,
): (step: number) => number {
  const spans = phrases.map(({ firstBar, bars, cadence }) => {
    const line = (bar: number) => score.bars[bar]?.start ?? endOf(score);
    const [start, end] = [line(firstBar), line(firstBar + bars)];
    const middle = line(firstBar + Math.floor(bars / 2));
    const whole = rules.phraseArch;
    const half = bars >= HALVED ? rules.halfPhraseArch : 0;
    const speedAt = (step: number): number => {
      const x = (step - start) / (end - start);
      const [from, to] = step < middle ? [start, middle] : [middle, end];
      return (
        arc(x, 1 / (1 + BEGINS * whole), 1 / (1 + ENDS * whole * RESTS[cadence])) *
        arc((step - from) / (to - from), 1 / (1 + (BEGINS / 2) * half), 1 / (1 + (ENDS / 2) * half))
      );
    };
    return { start, speedAt, mean: meanOf(speedAt, start, end) };
  });
  const starts = spans.map(({ start }) => start);
  return (step) => {
    const { speedAt, mean } = spans[Math.max(0, lastAtOrBefore(starts, step))]!;
    return speedAt(step) / mean;
  };
}

/** Mean over time: of the slowness over steps. */
function meanOf(speedAt: (step: number) => number, start: number, end: number): number {
  let slowness = 0;
  for (let step = start; step < end; step++) slowness += 1 / speedAt(step);
  return (end - start) / slowness;
}

/** Step after the last bar. */
export function endOf({ bars }: Score): number {
  const last = bars.at(-1)!;
  return last.start + last.length;
}

/**
 * Speed within the final ritard, of the speed before it: v(x) = (1 + (w^q − 1) x)^(1/q), as runners stop (Friberg &
 * Sundberg, JASA 105, 1999). @param x 0–1, of its length in the score
 */
export const ritard = (x: number, last: number, q = 3): number => (1 + (last ** q - 1) * x) ** (1 / q);
