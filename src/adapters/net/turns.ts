/** Work that comes in floods, done a little at a time. */

/** Answers of one turn: some milliseconds, where each costs as much as a join does. */
const EACH_TURN = 8;

/**
 * Takes pieces of work and begins them in the order in which they came, a few in each turn of the event loop: timers,
 * chunks that are due and what else arrives are seen in between.
 */
export function inTurns(): (work: () => void) => void {
  let waiting: (() => void)[] = [];
  let begun = 0;
  const turn = () => {
    const end = Math.min(waiting.length, begun + EACH_TURN);
    while (begun < end) waiting[begun++]!();
    if (begun < waiting.length) setImmediate(turn);
    else [waiting, begun] = [[], 0];
  };
  return (work) => {
    if (waiting.push(work) === 1) setImmediate(turn);
  };
}
