/** The page's timetable: what it shows when, before and after the music. */

/** The title appears on the printed leader, as on real rolls; milliseconds from T0. */
export const LEADER_MS = -60_000;
/** Until this position the roll's beginning lies still on the desk; then blank paper begins to move. Milliseconds. */
export const RESTING_MS = -10_000;
/** Blank paper after the last note, while the sound decays; milliseconds. */
export const CLOSING_MS = 12_000;
/** The whole roll lies there for so long, before it goes to those of the other days; milliseconds. */
export const END_MS = 6_000;
