/** What no rule explains: a player's clock that wanders, and hands that are exact to some milliseconds. */
import { seededRandom } from '../random.ts';

/** Rows of the sum: the slowest changes every 2^4 values. */
const ROWS = 5;

/** Normal, mean 0 and deviation 1: the sum of twelve uniform numbers (Irwin–Hall), the same on every machine. */
export function normal(random: () => number): number {
  let sum = -6;
  for (let i = 0; i < 12; i++) sum += random();
  return sum;
}

/**
 * 1/f noise, as an inner clock has it (Gilden, Thornton & Mallon, Science 267, 1995): sums of rows that change half as
 * often each (Voss & Clarke). Deviation 1.
 */
export function pink(count: number, seed: number): Float64Array {
  const random = seededRandom(seed);
  const rows = Array.from({ length: ROWS }, () => normal(random));
  const noise = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    for (let row = 0; row < ROWS; row++) if (i % 2 ** row === 0) rows[row] = normal(random);
    noise[i] = rows.reduce((sum, value) => sum + value, 0) / Math.sqrt(ROWS);
  }
  return noise;
}
