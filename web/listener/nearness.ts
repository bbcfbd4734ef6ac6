/** Whether music is near. Before that how late our clock is matters to nobody: it is neither pinged for nor asked for. */
import type { Score } from '../score/score.ts';

/** So long before T0 it is near even where the first chunk, which comes two minutes before it, has not come. */
const NEAR_MS = 100_000;

export type Nearness = {
  readonly isNear: () => boolean;
  /** To be called where it may have changed. */
  look(): void;
};

/** @param came music has come near. Chunks come to a crowd one page after another, and so do the pings that this brings */
export function nearness(music: Score, position: () => number | null, came: () => void): Nearness {
  let was = false;
  const isNear = () => {
    const state = music.hello?.state;
    const at = position() ?? 0;
    return state === 'live' || (state === 'doors' && (at > -NEAR_MS || music.inHandMs(at) > 0));
  };
  return {
    isNear,
    look() {
      const is = isNear();
      if (is && !was) came();
      was = is;
    },
  };
}
