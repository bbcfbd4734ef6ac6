import { darkNoise } from './noise.ts';

/** The air of a room, so that a silence between two notes is not that of a machine; none where nothing plays. */
export type RoomTone = {
  /** A note begins at this audio time, seconds: there is air from then on, for a while. */
  breathe(atS: number): void;
  silence(): void;
};

/**
 * Of each ear against full scale, root mean square: −75 dB, or −73 LUFS of both, which is 53 below the music, and below
 * what programme loudness counts as sound at all (−70).
 */
const LEVEL = 10 ** (-75 / 20);
/** It comes and goes over these time constants, and stays as long as the last string may ring; seconds. */
const COME_S = 0.3;
const GO_S = 1;
const STAYS_S = 12;
/** After so many time constants nothing is left. */
const GONE = 8;

export function roomTone(context: BaseAudioContext, output: AudioNode): RoomTone {
  const gain = new GainNode(context, { gain: 0 });
  gain.connect(output);
  // Not at the first note: it takes a tenth of a second, which a chord that is to sound at once does not have.
  const buffer = darkNoise(context.sampleRate);
  let source: AudioBufferSourceNode | null = null;
  let endsS = Number.NEGATIVE_INFINITY;

  const goFrom = (atS: number) => {
    gain.gain.setTargetAtTime(0, atS, GO_S);
    endsS = atS + GONE * GO_S;
    source?.stop(endsS);
  };
  return {
    breathe(atS) {
      const from = Math.max(atS, context.currentTime);
      if (!source || endsS <= from) {
        source = new AudioBufferSourceNode(context, { buffer, loop: true });
        source.connect(gain);
        source.start(from);
      }
      gain.gain.cancelScheduledValues(from);
      gain.gain.setTargetAtTime(LEVEL, from, COME_S);
      goFrom(from + STAYS_S);
    },
    silence() {
      gain.gain.cancelScheduledValues(context.currentTime);
      if (source) goFrom(context.currentTime);
    },
  };
}
