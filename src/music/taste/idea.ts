/** What makes a phrase one thing: it is at home in its key, takes up its own idea, and its melody can be sung. */
import type { Key } from '../key.ts';
import { topLine } from '../score/phrases.ts';
import { inBars, type ScoreNote } from '../score/score.ts';

/** A fourth and more is a leap, semitones; what is smaller turns back from one. */
const LEAP = 5;
const FOURTH = 5;
const FIFTH = 7;

/**
 * By how much more of the time the tonic chord of the key sounds than the one of its dominant or its subdominant, whichever
 * sounds more: −1 to 1. A phrase that rests on its dominant without having been at home is in the dominant.
 */
export function atHome(notes: readonly ScoreNote[], { tonic, major }: Key): number {
  const third = major ? 4 : 3;
  const total = notes.reduce((sum, { length }) => sum + length, 0);
  if (total === 0) return 0;
  const part = (root: number, itsThird: number): number =>
    notes.reduce((sum, { pitch, length }) => {
      const degree = (pitch - tonic - root + 120) % 12;
      return degree === 0 || degree === itsThird || degree === FIFTH ? sum + length : sum;
    }, 0) / total;
  // The dominant of the minor has its leading tone.
  return part(0, third) - Math.max(part(FIFTH, 4), part(FOURTH, third));
}

/**
 * How like an earlier bar of the phrase its bars are, on average: by where the upper voice is struck and whether it goes up
 * or down there, whatever the intervals are (a motif that is moved or widened is the same one). A bar that is said again,
 * note for note, takes up nothing. 0–1.
 */
export function takesUpItsIdea(notes: readonly ScoreNote[], bars: number, barLength: number): number {
  const cells = inBars(topLine(notes), bars, barLength).map((line): Cell => {
    const own = line.map(({ onset, pitch }) => ({ at: onset % barLength, pitch }));
    const moves = own.map(({ at, pitch }, i) => `${at} ${Math.sign(pitch - own[Math.max(0, i - 1)]!.pitch)}`);
    return { moves: new Set(moves), text: JSON.stringify(own) };
  });
  const most = cells.flatMap((cell, bar) => {
    const earlier = cells.slice(0, bar);
    if (bar === 0 || cell.moves.size < 2) return [];
    if (earlier.some(({ text }) => text === cell.text)) return [0];
    return [Math.max(...earlier.map((other) => alike(other, cell)))];
  });
  return most.reduce((sum, value) => sum + value, 0) / Math.max(1, most.length);
}

/** What the upper voice does in a bar. */
type Cell = { readonly moves: ReadonlySet<string>; readonly text: string };

const alike = ({ moves: a }: Cell, { moves: b }: Cell): number =>
  (2 * [...b].filter((move) => a.has(move)).length) / Math.max(1, a.size + b.size);

/**
 * Part of the melody's moves that are no leaps, or leaps after which it turns back by less (Meyer's gap and fill, as in
 * Huron, Sweet Anticipation, 2006, ch. 5). 1 for a melody that does not move.
 */
export function singable(notes: readonly ScoreNote[]): number {
  const line = topLine(notes);
  const moves = line
    .slice(1)
    .flatMap(({ pitch }, i) => (pitch === line[i]!.pitch ? [] : [pitch - line[i]!.pitch]));
  const left = moves.slice(0, -1).filter((move, i) => {
    const next = moves[i + 1]!;
    const turnsBack = Math.sign(next) !== Math.sign(move) && Math.abs(next) < LEAP;
    return Math.abs(move) >= LEAP && !turnsBack;
  });
  return 1 - left.length / Math.max(1, moves.length);
}
