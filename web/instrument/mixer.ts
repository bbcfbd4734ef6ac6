/** The piano's way to the loudspeaker. */
export type Mixer = {
  readonly context: BaseAudioContext;
  readonly input: AudioNode;
  /** Past what makes music louder or softer, and what bends it: for what is as soft as it is. Volume counts. */
  readonly air: AudioNode;
  setVolume(volume: number, muted: boolean): void;
  /** How loud the music itself is to be, decibels; between performances. */
  setLevel(db: number): void;
};

/** Below this the output is the input; above it, bent so that it never reaches full scale. */
const KNEE = 0.5;
/** The output never exceeds this: −2 dB, so that it stays below −1 dB between the samples too. */
const CEILING = 0.79;
/** Loudest sum that is still told apart, in full scales. */
const RANGE = 4;
/** Volume moves over this time (a time constant, seconds), so that it does not click. */
const SMOOTH_S = 0.02;
const POINTS = 4097;

/**
 * No compressor: browsers' delay the sound by 6 ms, and it would breathe. A curve has no memory and no delay:
 * straight to −6 dB, then bent towards the ceiling, so that thirty notes a second do not clip.
 */
export function softClip(x: number): number {
  const size = Math.abs(x);
  if (size <= KNEE) return x;
  const room = CEILING - KNEE;
  return Math.sign(x) * (KNEE + room * Math.tanh((size - KNEE) / room));
}

export function mixer(context: BaseAudioContext, destination: AudioNode = context.destination): Mixer {
  const input = new GainNode(context, { gain: 1 / RANGE });
  const curve = Float32Array.from({ length: POINTS }, (_, i) =>
    softClip(RANGE * ((2 * i) / (POINTS - 1) - 1)),
  );
  const shaper = new WaveShaperNode(context, { curve, oversample: 'none' });
  const master = new GainNode(context, { gain: 1 });
  input.connect(shaper).connect(master).connect(destination);
  return {
    context,
    input,
    air: master,
    setLevel(db) {
      input.gain.value = 10 ** (db / 20) / RANGE;
    },
    setVolume(volume, muted) {
      // The ear takes the square for a straight line.
      master.gain.setTargetAtTime(muted ? 0 : volume ** 2, context.currentTime, SMOOTH_S);
    },
  };
}
