/** Noise that is the same for everybody, a different one for each ear. */
import { seededRandom } from '../../src/music/random.ts';

/** Nothing of a hiss: it falls by 6 dB an octave from here up. */
const DARK_HZ = 180;
const LOOP_S = 3;

/** Of the level 1, root mean square, ending as it begins. */
export function darkNoise(sampleRate: number): AudioBuffer {
  const length = Math.round(LOOP_S * sampleRate);
  const buffer = new AudioBuffer({ length, numberOfChannels: 2, sampleRate });
  const keep = Math.exp((-2 * Math.PI * DARK_HZ) / sampleRate);
  for (const channel of [0, 1]) {
    const random = seededRandom(11 + channel);
    const white = Float32Array.from({ length }, () => 2 * random() - 1);
    const signal = buffer.getChannelData(channel);
    let dark = 0;
    // Twice round: the second time the filter is where its loop will find it.
    for (let i = 0; i < 2 * length; i++) {
      dark = keep * dark + (1 - keep) * white[i % length]!;
      signal[i % length] = dark;
    }
    const level = Math.sqrt(signal.reduce((sum, value) => sum + value ** 2, 0) / length);
    for (let i = 0; i < length; i++) signal[i]! /= level;
  }
  return buffer;
}
