import { LOWEST_PITCH } from './note.ts';
import { PITCH, PITCHES, REGISTER_EDGES } from './tokens.ts';

/** The mean pitch may be so far from the one asked for before anything is bent, and is bent so much an octave beyond. */
const FREE = 7;
const STRENGTH = 2;
/** A note's weight in the running mean: some thirty notes are remembered. */
const WEIGHT = 0.03;
/** The outermost registers have one edge alone; their middle is so far beyond it. */
const BEYOND = 3;

/**
 * Brings music back that has strayed to one end of the keyboard, as a small network does now and then, and stays there:
 * the probability of each pitch falls with its distance from the register asked for, on the side where the music is.
 */
export type RegisterKeeper = {
  /** Adds to the logits of the pitch slot, in place. @param level asked for, see tokens.ts */
  bend(logits: Float32Array, level: number): void;
  struck(pitch: number): void;
};

export function registerKeeper(): RegisterKeeper {
  let usual: number | null = null;
  return {
    bend(logits, level) {
      if (usual === null) return;
      const centre = middleOf(level);
      const away = usual - centre;
      const beyond = Math.max(0, Math.abs(away) - FREE) / 12;
      if (beyond === 0) return;
      const tilt = (STRENGTH * beyond * Math.sign(away)) / 12;
      for (let key = 0; key < PITCHES; key++) logits[PITCH + key]! -= tilt * (LOWEST_PITCH + key - centre);
    },
    struck(pitch) {
      usual = usual === null ? pitch : usual + WEIGHT * (pitch - usual);
    },
  };
}

/** The MIDI pitch in the middle of a register. */
function middleOf(level: number): number {
  const low = REGISTER_EDGES[level - 1] ?? REGISTER_EDGES[level]! - 2 * BEYOND;
  return (low + (REGISTER_EDGES[level] ?? low + 2 * BEYOND)) / 2;
}
