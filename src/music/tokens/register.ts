import { LOWEST_PITCH } from '../note.ts';
import { usual } from './usual.ts';
import { PITCH, PITCHES, REGISTER_EDGES } from './vocabulary.ts';

/** The mean pitch may be so many semitones from the one asked for. */
const FREE = 7;
/** Nats, for each octave that the mean lies beyond that and each octave that the pitch does. */
const STRENGTH = 2;
/** The outermost registers have one edge alone; their middle is so far beyond it. */
const BEYOND = 3;

/**
 * Brings music back that has strayed to one end of the keyboard, as a small network does now and then, and stays there:
 * pitches on the side where the music is become the rarer the further out they are; those on the other side are let alone.
 */
export type RegisterKeeper = {
  /** Adds to the logits of the pitch slot, in place. @param level asked for, see tokens/vocabulary.ts */
  bend(logits: Float32Array, level: number): void;
  struck(pitch: number): void;
};

/** @param from the register that it begins in, as if there had been music in its middle */
export function registerKeeper(from: number): RegisterKeeper {
  const pitch = usual(middleOf(from));
  return {
    bend(logits, level) {
      const centre = middleOf(level);
      const away = pitch.mean - centre;
      const beyond = Math.max(0, Math.abs(away) - FREE) / 12;
      if (beyond === 0) return;
      for (let key = 0; key < PITCHES; key++) {
        const out = Math.max(0, Math.sign(away) * (LOWEST_PITCH + key - centre)) / 12;
        logits[PITCH + key]! -= STRENGTH * beyond * out;
      }
    },
    struck: (key) => pitch.add(key),
  };
}

/** The MIDI pitch in the middle of a register. */
function middleOf(level: number): number {
  const low = REGISTER_EDGES[level - 1] ?? REGISTER_EDGES[level]! - 2 * BEYOND;
  return (low + (REGISTER_EDGES[level] ?? low + 2 * BEYOND)) / 2;
}
