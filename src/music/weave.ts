import { HIGHEST_PITCH, LOWEST_PITCH, type Music } from './note.ts';

/**
 * A performance as a strip of cloth: a grid of holes, time to the right and pitch upwards, small enough that a year of
 * them is one light page. A cell is punched where the music weighs most (sounding time by velocity): the pattern shows
 * movements, rests and registers, not single notes.
 */
export const WEAVE_COLUMNS = 40;
export const WEAVE_ROWS = 10;
const CELLS = WEAVE_COLUMNS * WEAVE_ROWS;
/** Six cells a letter, the first one the highest bit: RFC 4648's alphabet for URLs, without padding. */
const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const BITS = 6;
export const WEAVE_LENGTH = Math.ceil(CELLS / BITS);

/** The part of the cells that is punched: fewer look like noise, more like a ribbon. */
const PUNCHED = 0.35;
/** Beyond this a held note weighs no more, milliseconds: a bass under the pedal would cover everything. */
const LONGEST_MS = 4_000;
/** What lies beyond is drawn in the outermost rows; most piano music lies within. */
const LOWEST_ROW_PITCH = LOWEST_PITCH + 9;
const HIGHEST_ROW_PITCH = HIGHEST_PITCH - 12;

/** The grid of a performance, as text of WEAVE_LENGTH letters. The same music gives the same text. */
export function weaveOf({ notes, durationMs }: Music): string {
  const columnMs = Math.max(1, durationMs) / WEAVE_COLUMNS;
  const weights = new Float64Array(CELLS);
  for (const { onsetMs, durationMs: heldMs, pitch, velocity } of notes) {
    const row = rowOf(pitch);
    const endMs = onsetMs + Math.min(heldMs, LONGEST_MS);
    for (let column = Math.floor(onsetMs / columnMs); column < WEAVE_COLUMNS; column++) {
      const from = Math.max(onsetMs, column * columnMs);
      const to = Math.min(endMs, (column + 1) * columnMs);
      if (to <= from) break;
      weights[row * WEAVE_COLUMNS + column]! += (to - from) * velocity;
    }
  }
  const least = [...weights].sort((a, b) => b - a)[Math.floor(CELLS * PUNCHED)]!;
  let text = '';
  for (let at = 0; at < CELLS; at += BITS) {
    let letter = 0;
    for (let bit = 0; bit < BITS; bit++) {
      const weight = weights[at + bit] ?? 0;
      letter = 2 * letter + (weight > 0 && weight >= least ? 1 : 0);
    }
    text += LETTERS[letter];
  }
  return text;
}

function rowOf(pitch: number): number {
  const fromTop = (HIGHEST_ROW_PITCH - pitch) / (HIGHEST_ROW_PITCH - LOWEST_ROW_PITCH + 1);
  return Math.min(WEAVE_ROWS - 1, Math.max(0, Math.floor(fromTop * WEAVE_ROWS)));
}

/** Punched cells that lie side by side; rows from the top, columns from the left. */
export type Run = { readonly row: number; readonly column: number; readonly length: number };

/** The holes of a strip, row by row; none for text that is no weave. */
export function weaveRuns(text: string): Run[] {
  const letters = [...text].map((letter) => LETTERS.indexOf(letter));
  if (letters.length !== WEAVE_LENGTH || letters.includes(-1)) return [];
  const isPunched = (cell: number) =>
    ((letters[Math.floor(cell / BITS)]! >> (BITS - 1 - (cell % BITS))) & 1) === 1;
  const runs: Run[] = [];
  for (let row = 0; row < WEAVE_ROWS; row++) {
    for (let column = 0; column < WEAVE_COLUMNS; column++) {
      const from = column;
      while (column < WEAVE_COLUMNS && isPunched(row * WEAVE_COLUMNS + column)) column++;
      if (column > from) runs.push({ row, column: from, length: column - from });
    }
  }
  return runs;
}
