/** Where notes begin, as heard: found in the sound alone. */
import { highPass } from './high-pass.ts';

/** Hammers are heard above this, and ringing strings mostly below; hertz. */
const ABOVE_HZ = 1_500;
/** Energy is summed over this, and compared with what it was before; seconds. */
const WINDOW_S = 0.002;
const BEFORE_S = 0.025;
/** An onset has more than this many times the energy of what rings already, and of −60 dB of the loudest. */
const RISE = 4;
const FLOOR = 1e-6;
/** Of one onset to the next, at least; seconds. */
const APART_S = 0.06;
/** In which a hammer has struck, seconds. */
const STROKE_S = 0.012;

/** Times in seconds from the start of the signal, ascending; good to a millisecond where notes do not overlap. */
export function onsets(signal: Float32Array, sampleRate: number): number[] {
  const energy = energyOf(signal, sampleRate);
  const before = Math.round(BEFORE_S * sampleRate);
  const window = Math.round(WINDOW_S * sampleRate);
  const stroke = Math.round(STROKE_S * sampleRate);
  const apart = Math.round(APART_S * sampleRate);
  const floor = FLOOR * energy.reduce((most, value) => Math.max(most, value), 0);
  const found: number[] = [];
  let mean = 0;
  for (let i = 0; i < energy.length; i++) {
    // What rings already: the mean of the energies from BEFORE_S to WINDOW_S ago.
    mean += ((energy[i - window] ?? 0) - (energy[i - before] ?? 0)) / (before - window);
    const ringing = Math.max(0, mean) + floor;
    if (energy[i]! <= RISE * ringing) continue;
    const most = energy.subarray(i, i + stroke).reduce((high, value) => Math.max(high, value), 0);
    const half = ringing + (most - ringing) / 4;
    const at = energy.subarray(i, i + stroke).findIndex((value) => value >= half);
    found.push((i + at) / sampleRate);
    const next = Math.min(energy.length, i + apart);
    for (let j = i + 1; j < next; j++)
      mean += ((energy[j - window] ?? 0) - (energy[j - before] ?? 0)) / (before - window);
    i = next - 1;
  }
  return found;
}

/** Of the signal above ABOVE_HZ, over the WINDOW_S that ends at each sample. */
function energyOf(signal: Float32Array, sampleRate: number): Float64Array {
  const window = Math.round(WINDOW_S * sampleRate);
  const knocks = highPass(highPass(signal, sampleRate, ABOVE_HZ), sampleRate, ABOVE_HZ);
  const energy = new Float64Array(signal.length);
  let sum = 0;
  for (let i = 0; i < signal.length; i++) {
    sum += knocks[i]! ** 2 - (knocks[i - window] ?? 0) ** 2;
    energy[i] = Math.max(0, sum);
  }
  return energy;
}

/** Pairs each expected time with the nearest found one within `withinS`; null where there is none. */
export const matched = (expected: readonly number[], found: readonly number[], withinS: number) =>
  expected.map((time) => {
    const nearest = found.reduce<number | null>(
      (best, one) => (best === null || Math.abs(one - time) < Math.abs(best - time) ? one : best),
      null,
    );
    return nearest !== null && Math.abs(nearest - time) <= withinS ? nearest : null;
  });
