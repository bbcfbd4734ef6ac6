/** A note as the piano keeps it while it sounds. */
export type Strings = {
  readonly sources: readonly AudioScheduledSourceNode[];
  readonly gain: GainNode;
  /** When it will have died away, audio time in seconds. */
  endsS: number;
};

/** A note begun inside its sound comes in over this time, seconds. */
export const LATE_FADE_S = 0.02;
