import { roomImpulse, stringsImpulse } from './impulse.ts';
import { dampingS } from './response.ts';

/** What strings sound through: their places from left to right, the other strings' sympathy, a small room. */
export type Soundboard = {
  /** Where a key's strings are to be connected. */
  place(pitch: number): AudioNode;
  /** The dampers of all strings rise or fall at an audio time, seconds. */
  pedal(down: boolean, atS: number): void;
  /** Dampers fall now, and what was told of the future is void. */
  silence(): void;
};

const PLACES = 7;
/** Of the outermost keys, where 1 is hard to one side: as heard from the bench. */
const WIDTH = 0.4;
/** Of what strings give to the room, and to the other strings. */
const ROOM = 0.11;
const SYMPATHY = 0.016;
/** Dampers rise fast; when they fall, what rings dies like a string of the middle. Time constants, seconds. */
const RISE_S = 0.01;
const FALL_S = dampingS(55) ?? 0;

export function soundboard(context: BaseAudioContext, output: AudioNode): Soundboard {
  const strings = new GainNode(context, { gain: 1 });
  const places = Array.from({ length: PLACES }, (_, i) => {
    const pan = new StereoPannerNode(context, { pan: WIDTH * ((2 * i) / (PLACES - 1) - 1) });
    pan.connect(strings);
    return pan;
  });
  const room = convolver(context, roomImpulse(context.sampleRate));
  const walls = new GainNode(context, { gain: ROOM });
  strings.connect(output);
  strings.connect(room).connect(walls).connect(output);

  // Gated on both sides: what was struck before the dampers rose is not taken up, what rings when they fall is damped.
  const takenUp = new GainNode(context, { gain: 0, channelCount: 1, channelCountMode: 'explicit' });
  const others = convolver(context, [stringsImpulse(context.sampleRate)]);
  const given = new GainNode(context, { gain: 0 });
  strings.connect(takenUp).connect(others).connect(given);
  given.connect(output);
  given.connect(room);

  const pedal = (down: boolean, atS: number) => {
    const from = Math.max(atS, context.currentTime);
    takenUp.gain.setTargetAtTime(down ? 1 : 0, from, RISE_S);
    given.gain.setTargetAtTime(down ? SYMPATHY : 0, from, down ? RISE_S : FALL_S);
  };
  return {
    place: (pitch) =>
      places[Math.max(0, Math.min(PLACES - 1, Math.round(((pitch - 21) / 87) * (PLACES - 1))))]!,
    pedal,
    silence() {
      for (const { gain } of [takenUp, given]) gain.cancelScheduledValues(context.currentTime);
      pedal(false, context.currentTime);
    },
  };
}

function convolver(context: BaseAudioContext, impulse: readonly Float32Array[]): ConvolverNode {
  const buffer = new AudioBuffer({
    length: impulse[0]!.length,
    numberOfChannels: impulse.length,
    sampleRate: context.sampleRate,
  });
  impulse.forEach((channel, c) => {
    buffer.copyToChannel(channel as Float32Array<ArrayBuffer>, c);
  });
  return new ConvolverNode(context, { buffer, disableNormalization: true });
}
