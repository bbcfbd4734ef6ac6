/** A room, measured by its answer to a clap (ISO 3382): how long it rings, and how alike both ears hear it. */
import type { Channels } from './loudness.ts';

/** The fall is read between these levels below the beginning, decibels, and continued to 60. */
const FROM_DB = -5;
const TO_DB = -35;

/** Time in which what is left of the sound falls by 60 dB, seconds (T30), by M. R. Schroeder's backward integration. */
export function reverberationS(channels: Channels, sampleRate: number): number {
  const length = channels[0]!.length;
  const left = new Float64Array(length);
  let sum = 0;
  for (let i = length - 1; i >= 0; i--) {
    for (const channel of channels) sum += channel[i]! ** 2;
    left[i] = sum;
  }
  const at = (db: number) => left.findIndex((power) => power <= sum * 10 ** (db / 10));
  return ((at(TO_DB) - at(FROM_DB)) / sampleRate) * (60 / (FROM_DB - TO_DB));
}

/** Of two ears over the same stretch, 0 to 1: the most within a millisecond either way, as a head is that wide. */
export function interauralCorrelation([left, right]: Channels, sampleRate: number): number {
  const most = Math.round(sampleRate / 1_000);
  let [best, l, r] = [0, 0, 0];
  for (let i = 0; i < left!.length; i++) {
    l += left![i]! ** 2;
    r += right![i]! ** 2;
  }
  for (let lag = -most; lag <= most; lag++) {
    let both = 0;
    for (let i = 0; i < left!.length; i++) both += left![i]! * (right![i + lag] ?? 0);
    best = Math.max(best, both);
  }
  return best / Math.sqrt(l * r);
}
