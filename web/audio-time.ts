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

export type AudioTime = {
  /** Looks at both clocks; to be called before every use, and steadily. "jumped": what is scheduled is void. */
  read(): 'steady' | 'jumped';
  /** Audio time (s) of a local time (`performance.now()`, ms). */
  of(localMs: number): number;
};

/**
 * Maps local to audio time such that a sound placed there leaves the loudspeaker then: the output's latency is
 * counted in. `getOutputTimestamp` varies by 0.2 ms, `currentTime`, which advances by blocks, by 12 ms; it serves
 * where the former is absent or not yet running.
 */
export function audioTime(context: AudioTimes, now: () => number): AudioTime {
  /** Local time of audio time zero, milliseconds. */
  let origin: number | null = null;
  const read = () => {
    const reading = originOf(context, now());
    const before = origin;
    const off = before === null ? 0 : Math.abs(reading - before);
    origin = before === null || off > SNAP_MS ? reading : before + WEIGHT * (reading - before);
    return off > JUMP_MS ? 'jumped' : 'steady';
  };
  return {
    read,
    of(localMs) {
      if (origin === null) read();
      return (localMs - (origin ?? 0)) / 1000;
    },
  };
}

function originOf(context: AudioTimes, nowMs: number): number {
  const stamp = context.getOutputTimestamp?.();
  if (stamp?.contextTime && stamp.performanceTime) return stamp.performanceTime - stamp.contextTime * 1000;
  return nowMs - (context.currentTime - (context.outputLatency ?? 0)) * 1000;
}
