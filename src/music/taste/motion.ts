/** Whether a phrase goes somewhere: its melody moves, its bass goes on, and its bars are not said again. */
import { topLine } from '../score/phrases.ts';
import { inBars, type ScoreNote } from '../score/score.ts';

const OCTAVE = 12;

/** Part of the bars in which the upper voice strikes two pitches and more; the last one, which rests, is not asked. 0–1. */
export function sings(notes: readonly ScoreNote[], bars: number, barLength: number): number {
  const lines = inBars(topLine(notes), bars, barLength).slice(0, -1);
  const moving = lines.filter((line) => new Set(line.map(({ pitch }) => pitch)).size > 1);
  return lines.length === 0 ? 1 : moving.length / lines.length;
}

/** Part of the bar lines over which the bass, the lowest key of a bar's first strike, goes to another pitch class. 0–1. */
export function bassGoesOn(notes: readonly ScoreNote[], bars: number, barLength: number): number {
  const basses = inBars(notes, bars, barLength)
    .filter((own) => own.length > 0)
    .map((own) => {
      const first = own.filter(({ onset }) => onset === own[0]!.onset);
      return Math.min(...first.map(({ pitch }) => pitch)) % OCTAVE;
    });
  const moves = basses.slice(1).filter((bass, i) => bass !== basses[i]);
  return moves.length / Math.max(1, basses.length - 1);
}

/**
 * Part of the bars whose upper voice is note for note that of an earlier one, of the phrase or of the one before it. 0–1.
 * @param before notes of the phrase before, from its own start
 */
export function saidAgain(
  notes: readonly ScoreNote[],
  before: readonly ScoreNote[],
  bars: number,
  barLength: number,
): number {
  const texts = (own: readonly ScoreNote[], count: number): (string | null)[] =>
    inBars(topLine(own), count, barLength).map((line) =>
      line.length === 0 ? null : JSON.stringify(line.map(({ onset, pitch }) => [onset % barLength, pitch])),
    );
  const known = new Set(texts(before, Math.ceil(((before.at(-1)?.onset ?? -1) + 1) / barLength)));
  let again = 0;
  for (const text of texts(notes, bars)) {
    if (text === null) continue;
    if (known.has(text)) again++;
    known.add(text);
  }
  return again / bars;
}
