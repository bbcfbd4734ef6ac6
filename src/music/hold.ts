import { DURATIONS_MS, TOUCH, VOCABULARY } from './tokens.ts';

/** Notes sounding at an onset, on average, between which durations are left alone; chosen by what tells passages from rolls. */
const FEWEST = 5.6;
const MOST = 8;
/** Strength is per e-fold of the error and of the duration; durations near the neutral one are let alone. */
const STRENGTH = 2;
const NEUTRAL_MS = 440;
/** A note's weight in the running mean: some thirty notes are remembered. */
const WEIGHT = 0.03;

/**
 * Keeps texture neither bare nor blurred: music whose steps in time are stretched (see pace.ts) would grow thin, and long
 * notes beget long notes until nothing more may sound. Bends the durations of the touch slot while their effect is off.
 */
export type Holder = {
  /** Adds to the logits of the touch slot, in place. */
  bend(logits: Float32Array): void;
  /** A note was struck, and so many sound with it. */
  struck(sounding: number): void;
};

const { velocityBins } = VOCABULARY;
const { exp, log } = Math;
const LOG_DURATION = DURATIONS_MS.map((ms) => Math.log(ms / NEUTRAL_MS));

export function holder(): Holder {
  let usual = (FEWEST + MOST) / 2;
  return {
    bend(logits) {
      const error = usual > MOST ? Math.log(usual / MOST) : usual < FEWEST ? Math.log(usual / FEWEST) : 0;
      if (error === 0) return;
      // Velocity by velocity, so that how loud the note is stays as probable as it was: touch is both in one token.
      for (let velocity = 0; velocity < velocityBins; velocity++) {
        const idOf = (bin: number) => TOUCH + bin * velocityBins + velocity;
        const total = () => logSum(LOG_DURATION.map((_, bin) => logits[idOf(bin)]!));
        const before = total();
        LOG_DURATION.forEach((longer, bin) => {
          logits[idOf(bin)]! -= STRENGTH * error * longer;
        });
        const shift = before - total();
        for (let bin = 0; bin < LOG_DURATION.length; bin++) logits[idOf(bin)]! += shift;
      }
    },
    struck(sounding) {
      usual += WEIGHT * (sounding - usual);
    },
  };
}

/** Logarithm of the sum of exponentials. */
function logSum(values: readonly number[]): number {
  const highest = Math.max(...values);
  return highest + log(values.reduce((sum, value) => sum + exp(value - highest), 0));
}
