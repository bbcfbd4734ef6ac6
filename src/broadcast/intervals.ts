/** How often a broadcaster does what, and how long before. Milliseconds. */

/** How often a lease is renewed. */
export const RENEW_MS = 5_000;
/** How often an operator's stop is looked for. */
export const LOOK_MS = 1_000;
/** A broadcaster that is cut off at some instant looks for a successor this long before. */
export const HAND_OVER_BEFORE_MS = 60_000;
/** Where no more than this is left then, all of it is posted first: nobody depends on the successor any more. */
export const POST_THE_REST_MS = 5 * 60_000;
