/** How a piano answers: colour and damping by key and velocity; loudness is in src/music/loudness.ts. */

export const frequencyOf = (pitch: number): number => 440 * 2 ** ((pitch - 69) / 12);

const OPEN_HZ = 16_000;
/** From this velocity on nothing is taken away. */
const OPEN_VELOCITY = 64;
/** Soft notes are dark: an octave of cutoff for 12 steps of velocity, never below the second partial. In hertz. */
export function cutoffOf(pitch: number, velocity: number): number {
  const open = OPEN_HZ * 2 ** (Math.min(0, velocity - OPEN_VELOCITY) / 12);
  return Math.min(OPEN_HZ, Math.max(open, 2.5 * frequencyOf(pitch)));
}

/** Up to here the soft recording sounds alone, from there on the loud one; between them both, in proportion. */
const SOFT_UP_TO = 44;
const FORTE_FROM = 76;

/** How much of the loud recording a velocity takes, 0–1; the soft one has the rest. */
export const forteOf = (velocity: number): number =>
  Math.min(1, Math.max(0, (velocity - SOFT_UP_TO) / (FORTE_FROM - SOFT_UP_TO)));

/** A piano has no dampers above this key (F♯6). */
const HIGHEST_DAMPED = 90;

/** Time constant of the damped sound, seconds: bass strings take 300 ms to fall silent, treble ones 80. */
export function dampingS(pitch: number): number | null {
  if (pitch > HIGHEST_DAMPED) return null;
  const part = (pitch - 21) / (HIGHEST_DAMPED - 21);
  return (0.3 - 0.22 * Math.min(1, Math.max(0, part))) / 4;
}
