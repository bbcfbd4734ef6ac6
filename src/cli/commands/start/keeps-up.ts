/** Whether music may begin that is still being composed: it must never run dry. */
import { CHUNK_MS } from '../../../music/timeline.ts';

/** Others may want the machine as well from now on: what is to come may take so many times as long as what is there. */
const SLACK = 2;
/** What is to be played must be with the pages so long before, milliseconds. */
const LEAD_MS = 2_000;

/** What is there and what is to come, milliseconds of music from its beginning. */
export type Ahead = {
  /** Nothing will be added before this. */
  readonly knownMs: number;
  /** Up to where it will be known after each of the movements to come, by the plan. */
  readonly comingMs: readonly number[];
};

/**
 * Whether each movement to come will be there before the one before it has been played, by the pace so far. What is known
 * goes out in whole chunks: the last, begun one is not in hand.
 * @param soFar music that is written, its phrases counted one by one, and what it took, the opening of the network
 *   included; milliseconds
 * @param inMs until it would begin
 */
export function keepsUp(
  { knownMs, comingMs }: Ahead,
  { composedMs, tookMs }: { readonly composedMs: number; readonly tookMs: number },
  inMs: number,
): boolean {
  const pace = composedMs / tookMs;
  return comingMs.every((endMs, i) => {
    const from = i === 0 ? knownMs : comingMs[i - 1]!;
    const neededInMs = inMs + Math.floor(from / CHUNK_MS) * CHUNK_MS - LEAD_MS;
    return (SLACK * Math.max(0, endMs - composedMs)) / pace <= neededInMs;
  });
}
