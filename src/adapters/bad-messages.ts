/** When bad messages end a connection, wherever their times are kept. */

/** Five within a minute. */
const LIMIT = 5;
export const BAD_WITHIN_MS = 60_000;

/** @param times of the bad messages of one connection, the one just now included */
export const verdict = (times: readonly number[], now: number): 'bear' | 'close' =>
  times.filter((at) => at > now - BAD_WITHIN_MS).length >= LIMIT ? 'close' : 'bear';
