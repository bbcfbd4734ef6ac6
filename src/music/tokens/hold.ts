import { usual } from './usual.ts';
import { DURATIONS_MS, NO_TOUCH, TOUCH, VOCABULARY } from './vocabulary.ts';

/** Notes sounding at an onset, on average, between which durations are left alone; chosen by what tells passages from rolls. */
const FEWEST = 5.6;
const MOST = 8;
/** Strength is per e-fold of the error and of the duration; durations near the neutral one are let alone. */
const STRENGTH = 2;
const NEUTRAL_MS = 440;

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
const { exp } = Math;
const LOG_DURATION = Float64Array.from(DURATIONS_MS, (ms) => Math.log(ms / NEUTRAL_MS));

export function holder(): Holder {
  const sounding = usual((FEWEST + MOST) / 2);
  return {
    bend(logits) {
      const { mean } = sounding;
      const error = mean > MOST ? Math.log(mean / MOST) : mean < FEWEST ? Math.log(mean / FEWEST) : 0;
      if (error === 0) return;
      const bends = LOG_DURATION.map((longer) => -STRENGTH * error * longer);
      const factors = bends.map(exp);
      // Velocity by velocity, so that how loud the note is stays as probable as it was: touch is both in one token.
      for (let first = TOUCH; first < TOUCH + velocityBins; first++) {
        let highest = logits[first]!;
        for (let id = first; id < NO_TOUCH; id += velocityBins)
          if (logits[id]! > highest) highest = logits[id]!;
        let before = 0;
        let after = 0;
        for (let bin = 0; bin < factors.length; bin++) {
          const weight = exp(logits[first + bin * velocityBins]! - highest);
          before += weight;
          after += weight * factors[bin]!;
        }
        const shift = Math.log(before / after);
        for (let bin = 0; bin < bends.length; bin++)
          logits[first + bin * velocityBins]! += bends[bin]! + shift;
      }
    },
    struck: (count) => sounding.add(count),
  };
}
