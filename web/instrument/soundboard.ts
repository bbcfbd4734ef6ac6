import { roomImpulse, spreadImpulse, stringsImpulse } from './impulse.ts';
import { dampingS } from './response.ts';
import { roomTone } from './room-tone.ts';

/** What strings sound through: their places from left to right, their breadth, the other strings' sympathy, a room. */
export type Soundboard = {
  /** Where the strings of a key that is struck at an audio time, seconds, are to be connected. */
  place(pitch: number, atS: number): AudioNode;
  /** The dampers of all strings rise or fall at an audio time, seconds. */
  pedal(down: boolean, atS: number): void;
  /** Dampers fall now, and what was told of the future is void. */
  silence(): void;
};

const PLACES = 7;
/** Of the outermost keys, where 1 is hard to one side: as heard from the bench. */
const WIDTH = 0.4;
/** Of what strings give to the room; to one ear, and take from the other; to the other strings. */
const ROOM = 0.13;
const SPREAD = 0.4;
const SYMPATHY = 0.016;
/** Dampers rise fast; when they fall, what rings dies like a string of the middle. Time constants, seconds. */
const RISE_S = 0.01;
const FALL_S = dampingS(55) ?? 0;

/** @param airy where the air of the room goes, which is the same however loud the music is played */
export function soundboard(context: BaseAudioContext, output: AudioNode, airy: AudioNode): Soundboard {
  const strings = new GainNode(context, { gain: 1 });
  const places = Array.from({ length: PLACES }, (_, i) => {
    const pan = new StereoPannerNode(context, { pan: WIDTH * ((2 * i) / (PLACES - 1) - 1) });
    pan.connect(strings);
    return pan;
  });
  const air = roomTone(context, airy);
  // Spread and walls are one impulse response: one convolution serves both.
  const spread = spreadImpulse(context.sampleRate);
  const ears = roomImpulse(context.sampleRate).map((walls, ear) =>
    walls.map((value, i) => ROOM * value + (ear === 0 ? SPREAD : -SPREAD) * (spread[i] ?? 0)),
  );
  const room = convolver(context, ears);
  strings.connect(output);
  strings.connect(room).connect(output);

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
    place(pitch, atS) {
      air.breathe(atS);
      return places[Math.max(0, Math.min(PLACES - 1, Math.round(((pitch - 21) / 87) * (PLACES - 1))))]!;
    },
    pedal,
    silence() {
      air.silence();
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
