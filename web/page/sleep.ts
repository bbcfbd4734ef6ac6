/**
 * Whether the machine slept between two looks. On many machines the time that nobody sets stands still meanwhile, and
 * only the clock on the wall goes on; a look that comes late tells of the others, and of a page that was frozen.
 */

/** Looks further apart than this were not kept apart by work, milliseconds. */
const LATE_MS = 5_000;
/** A time server sets a clock by less, milliseconds. */
const AHEAD_MS = 1_000;

/** "asleep": time stood still; "late": it went on, and only we did not; "no": neither. */
export type Slept = 'no' | 'late' | 'asleep';

/**
 * @param now milliseconds that nobody sets
 * @param wall what the clock on the wall shows, milliseconds: set back it tells of nothing, set on it looks like sleep
 */
export function sleepWatch(now: () => number, wall: () => number): () => Slept {
  let before = { now: now(), wall: wall() };
  return () => {
    const at = { now: now(), wall: wall() };
    const passed = at.now - before.now;
    const ahead = at.wall - before.wall - passed;
    before = at;
    if (ahead > AHEAD_MS) return 'asleep';
    return passed > LATE_MS ? 'late' : 'no';
  };
}
