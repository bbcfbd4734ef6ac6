import { type Ranges, straysOf } from '../music/taste/ranges.ts';
import type { Movement } from './movement.ts';

/** A movement is composed so often in all. */
const ATTEMPTS = 8;

/**
 * Composes a movement, and again where its breath, register or dynamics are such as few human pieces have.
 * @param ranges null: nobody knows what is human, the first is taken @param compose uses new randomness at every call
 * @param again whether there is room for another attempt @param signal what is composed when it is aborted may be a part
 * @returns the first with all figures in range, or the one with the fewest out of it
 */
export async function chooseMovement(
  compose: () => Promise<Movement>,
  ranges: Ranges | null,
  again: () => boolean,
  signal: AbortSignal,
): Promise<Movement & { readonly attempts: number }> {
  let best = await compose();
  let strays = ranges ? straysOf(best.music, ranges).length : 0;
  let attempts = 1;
  while (ranges && strays > 0 && attempts < ATTEMPTS && !signal.aborted && again()) {
    const other = await compose();
    if (signal.aborted) break;
    attempts++;
    const its = straysOf(other.music, ranges).length;
    if (its < strays) [best, strays] = [other, its];
  }
  return { ...best, attempts };
}
