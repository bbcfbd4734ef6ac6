/** The bellows of a pianola, as heard from beside it: air that is drawn through cloth and wood, a stroke at a time. */
import { darkNoise } from './noise.ts';

export type Bellows = {
  /**
   * One stroke from an audio time on, seconds; nothing is left of it at its end.
   * @param second the other treadle, which is a little lower
   */
  stroke(atS: number, lengthS: number, second: boolean): void;
  /** Everything stops, also what is scheduled. */
  silence(): void;
};

/** At a stroke's height, of each ear against full scale, root mean square: some 26 dB below the music. */
const LEVEL_DB = -46;
/** The band of air that is heard, hertz of each treadle's at its height; where a stroke begins and ends, a part of that. */
const BAND_HZ = [460, 390] as const;
const NARROW = 0.55;
const Q = 0.9;
/** What the band lets through of the noise that it is given, which is of the level 1 and mostly lower; dB, as rendered. */
const LOST_DB = -6;
/** A stroke swells for this part of its length and then falls. */
const SWELLS = 0.4;
/** Points of its envelope. */
const POINTS = 64;
/** A stroke that is cut short falls within this time, seconds. */
const CUT_S = 0.02;

/** A half of a cosine up, a half of one down: no corner, nothing at either end. */
const swell = (part: number): number =>
  part < SWELLS
    ? 0.5 - 0.5 * Math.cos((Math.PI * part) / SWELLS)
    : 0.5 + 0.5 * Math.cos((Math.PI * (part - SWELLS)) / (1 - SWELLS));
const ENVELOPE = Array.from({ length: POINTS }, (_, i) => swell(i / (POINTS - 1)));

/** @param output past what makes music louder or softer: it is as soft before a loud piece as before a soft one */
export function bellows(context: BaseAudioContext, output: AudioNode): Bellows {
  const level = 10 ** ((LEVEL_DB - LOST_DB) / 20);
  let buffer: AudioBuffer | null = null;
  /** All of what has been scheduled since the last silence goes through it: an envelope under way cannot be altered. */
  let gate = gateTo(context, output);
  let sources: AudioBufferSourceNode[] = [];

  return {
    stroke(atS, lengthS, second) {
      buffer ??= darkNoise(context.sampleRate);
      const source = new AudioBufferSourceNode(context, { buffer, loop: true });
      const hz = BAND_HZ[second ? 1 : 0];
      const band = new BiquadFilterNode(context, { type: 'bandpass', frequency: NARROW * hz, Q });
      const gain = new GainNode(context, { gain: 0 });
      source.connect(band).connect(gain).connect(gate);
      gain.gain.setValueCurveAtTime(
        ENVELOPE.map((value) => level * value),
        atS,
        lengthS,
      );
      band.frequency.setValueCurveAtTime(
        ENVELOPE.map((value) => hz * (NARROW + (1 - NARROW) * value)),
        atS,
        lengthS,
      );
      source.start(atS);
      source.stop(atS + lengthS);
      sources.push(source);
      source.onended = () => {
        sources = sources.filter((other) => other !== source);
        gain.disconnect();
      };
    },
    silence() {
      if (sources.length === 0) return;
      const now = context.currentTime;
      gate.gain.setTargetAtTime(0, now, CUT_S / 5);
      for (const source of sources) source.stop(now + CUT_S);
      sources = [];
      gate = gateTo(context, output);
    },
  };
}

function gateTo(context: BaseAudioContext, output: AudioNode): GainNode {
  const gate = new GainNode(context);
  gate.connect(output);
  return gate;
}
