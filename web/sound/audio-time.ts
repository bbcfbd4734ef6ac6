/** The part of an AudioContext that tells the time. */
export type AudioTimes = {
  readonly currentTime: number;
  readonly outputLatency?: number;
  getOutputTimestamp?(): AudioTimestamp;
};

/** Weight of a new reading: jitter of a fifth of a millisecond is smoothed, drift is followed within a second. */
const WEIGHT = 0.1;
/** A greater difference is no jitter: the output ran dry, and the audio clock has lost so much for good; milliseconds. */
const SNAP_MS = 10;
/** A greater one is an interruption or another device: what is scheduled would sound at the wrong time; milliseconds. */
const JUMP_MS = 150;

/** A context that has just begun does not know its output yet; one that never does is done without. */
const PATIENCE_MS = 500;

/** Chromium 147 holds 0.0001 s for the length of the output's latency. */
const BEGUN_S = 0.005;

export type AudioTime = {
  /**
   * Looks at both clocks; to be called before every use, and steadily. "unknown": nothing can be placed yet.
   * "jumped": what is scheduled is void.
   */
  read(): 'unknown' | 'steady' | 'jumped';
  /** Audio time (s) of a local time (`performance.now()`, ms). */
  of(localMs: number): number;
};

/**
 * Maps local to audio time such that a sound placed there leaves the loudspeaker then: the output's latency is
 * counted in. `getOutputTimestamp` varies by 0.2 ms, `currentTime`, which advances by blocks, by 12 ms; it serves
 * where the former is absent.
 */
export function audioTime(context: AudioTimes, now: () => number): AudioTime {
  /** Local time of audio time zero, milliseconds. */
  let origin: number | null = null;
  let firstReadAt: number | null = null;

  const reading = (): number | null => {
    const nowMs = now();
    firstReadAt ??= nowMs;
    const stamp = context.getOutputTimestamp?.();
    // Until the first sample is out, browsers hold `contextTime` at about zero while the clock beside it runs.
    if (stamp?.contextTime && stamp.performanceTime && stamp.contextTime > BEGUN_S) {
      return stamp.performanceTime - stamp.contextTime * 1000;
    }
    if (stamp && nowMs - firstReadAt < PATIENCE_MS) return null;
    return nowMs - (context.currentTime - (context.outputLatency ?? 0)) * 1000;
  };

  return {
    read() {
      const found = reading();
      if (found === null) return origin === null ? 'unknown' : 'steady';
      const off = origin === null ? 0 : Math.abs(found - origin);
      origin = origin === null || off > SNAP_MS ? found : origin + WEIGHT * (found - origin);
      return off > JUMP_MS ? 'jumped' : 'steady';
    },
    of: (localMs) => (localMs - (origin ?? Number.NaN)) / 1000,
  };
}
