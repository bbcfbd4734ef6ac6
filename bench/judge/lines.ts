/** The outer lines of music as it is struck, and the figures in them. */
import { chordsOf } from '../../src/music/chords.ts';
import type { Note } from '../../src/music/note.ts';
import { mean } from '../../src/music/statistics.ts';

/** Struck within so much is struck together: melodies lead, and rolls spread their chords. */
const TOGETHER_MS = 50;
/** A tune lies from here up, a bass from here down: the F and the F sharp below middle C. */
const LOWEST_TUNE = 53;
const HIGHEST_BASS = 54;
/** A key let go so shortly after the next strike was joined to it, not held over it. */
const JOINED_MS = 100;

/** The highest key of each strike from LOWEST_TUNE up, where no higher note of the line is still held. */
export function topLine(notes: readonly Note[]): Note[] {
  const line: Note[] = [];
  for (const chord of chordsOf(notes, TOGETHER_MS)) {
    const top = chord.reduce((a, b) => (b.pitch > a.pitch ? b : a));
    const before = line.at(-1);
    const heldUntil = before && before.pitch > top.pitch ? before.onsetMs + before.durationMs : 0;
    if (top.pitch >= LOWEST_TUNE && heldUntil <= top.onsetMs + JOINED_MS) line.push(top);
  }
  return line;
}

/** The lowest key of each strike that has one in the bass. */
export const bassLine = (notes: readonly Note[]): Note[] =>
  chordsOf(notes, TOGETHER_MS)
    .map((chord) => chord.reduce((a, b) => (b.pitch < a.pitch ? b : a)))
    .filter(({ pitch }) => pitch <= HIGHEST_BASS);

export const intervalsOf = (line: readonly Note[]): number[] =>
  line.slice(1).map((note, i) => note.pitch - line[i]!.pitch);

/** Semitones; 0 for a line of one note. */
export const meanInterval = (line: readonly Note[]): number => mean(intervalsOf(line).map(Math.abs));

/** Share of the intervals that are of one or two semitones. */
export function steps(line: readonly Note[]): number {
  const sizes = intervalsOf(line).map(Math.abs);
  return sizes.length === 0 ? 0 : sizes.filter((size) => size === 1 || size === 2).length / sizes.length;
}

/**
 * Share of the figures, `size` values in a row, that were there already at most `withinMs` before.
 * @param values what figures consist of, one a place; @param onsets when each place is, milliseconds
 */
export function recurrence(
  values: readonly number[],
  onsets: readonly number[],
  size: number,
  withinMs: number,
): number {
  const last = new Map<string, number>();
  let recurring = 0;
  const count = values.length - size + 1;
  for (let i = 0; i < count; i++) {
    const figure = values.slice(i, i + size).join(' ');
    const before = last.get(figure);
    if (before !== undefined && onsets[i]! - before <= withinMs) recurring++;
    last.set(figure, onsets[i]!);
  }
  return count > 0 ? recurring / count : 0;
}
