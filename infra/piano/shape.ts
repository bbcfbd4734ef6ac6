import { kWeighted, meanSquare } from '../../bench/sound/loudness.ts';
import type { Recording } from './recordings.ts';

/** A key cut to begin LEAD_IN_S before frame `onset`, which is to sound at a note's onset. */
export type Cut = Recording & { readonly onset: number };

/** Before the onset, seconds: in the bass the key itself, and the hammer's knock, are heard before the tone. */
const LEAD_IN_S = 0.02;
const FADE_IN_S = 0.004;
/** How much of a string's ringing is kept, seconds; the recordings themselves last 13 to 16. Treble strings are still by then. */
export const lengthS = (pitch: number): number => (pitch < 48 ? 12 : pitch < 72 ? 11 : pitch < 86 ? 5 : 3);
/**
 * The last part of it dies away faster than the string, exponentially as strings do, by so many decibels until its end;
 * then, within END_S, it is nothing.
 */
const DYING = 0.3;
const DYING_DB = 30;
const END_S = 0.25;

export function cut({ pitch, sampleRate, signal }: Recording, onset: number): Cut {
  const leadIn = Math.round(LEAD_IN_S * sampleRate);
  const length = leadIn + Math.round(lengthS(pitch) * sampleRate);
  // Where a recording begins less than LEAD_IN_S before its onset, silence is put before it.
  const taken = Float32Array.from({ length }, (_, i) => signal[i + onset - leadIn] ?? 0);
  const fadeIn = Math.round(FADE_IN_S * sampleRate);
  for (let i = 0; i < fadeIn; i++) taken[i]! *= rising(i / fadeIn);
  const dying = Math.round(length * DYING);
  for (let i = 0; i < dying; i++) taken[length - dying + i]! *= 10 ** ((-DYING_DB * i) / dying / 20);
  const end = Math.round(END_S * sampleRate);
  for (let i = 0; i < end; i++) taken[length - 1 - i]! *= rising(i / end);
  return { pitch, sampleRate, signal: taken, onset: leadIn };
}

const rising = (part: number): number => 0.5 - 0.5 * Math.cos(Math.PI * part);

/** K-weighted level of the half second from the onset on, dB. */
export function levelOf({ signal, sampleRate, onset }: Omit<Cut, 'pitch'>): number {
  const heard = kWeighted(signal.subarray(0, onset + sampleRate / 2), sampleRate);
  return 10 * Math.log10(meanSquare(heard, onset, heard.length));
}

/** Highest sample of all, so that the encoder has room. */
const PEAK = 0.7;

/**
 * Gains for each key of each layer, such that loudness follows one smooth curve over the keys, the same in all
 * layers: a piano's own, as the parabola through the mean of its layers. As they come, C5 is 9 dB below C4.
 */
export function levelled(layers: readonly (readonly Cut[])[]): Cut[][] {
  const levels = layers.map((keys) => keys.map(levelOf));
  const pitches = layers[0]!.map(({ pitch }) => pitch);
  const means = pitches.map((_, i) => levels.reduce((sum, keys) => sum + keys[i]!, 0) / layers.length);
  const curve = parabola(pitches, means);
  const scaled = layers.map((keys, layer) =>
    keys.map((key, i) => gained(key, 10 ** ((curve(key.pitch) - levels[layer]![i]!) / 20))),
  );
  const highest = Math.max(
    ...scaled.flatMap((keys) =>
      keys.map(({ signal }) => signal.reduce((most, value) => Math.max(most, Math.abs(value)), 0)),
    ),
  );
  return scaled.map((keys) => keys.map((key) => gained(key, PEAK / highest)));
}

const gained = (key: Cut, gain: number): Cut => ({ ...key, signal: key.signal.map((value) => value * gain) });

/** Least squares over 1, x, x². */
export function parabola(xs: readonly number[], ys: readonly number[]): (x: number) => number {
  const middle = xs.reduce((sum, x) => sum + x, 0) / xs.length;
  const rows = xs.map((x) => [1, x - middle, (x - middle) ** 2]);
  const matrix = [0, 1, 2].map((i) => [
    ...[0, 1, 2].map((j) => rows.reduce((sum, row) => sum + row[i]! * row[j]!, 0)),
    rows.reduce((sum, row, k) => sum + row[i]! * ys[k]!, 0),
  ]);
  for (let pivot = 0; pivot < 3; pivot++) {
    for (let row = 0; row < 3; row++) {
      if (row === pivot) continue;
      const factor = matrix[row]![pivot]! / matrix[pivot]![pivot]!;
      matrix[row] = matrix[row]!.map((value, column) => value - factor * matrix[pivot]![column]!);
    }
  }
  const [a, b, c] = matrix.map((row, i) => row[3]! / row[i]!) as [number, number, number];
  return (x) => a + b * (x - middle) + c * (x - middle) ** 2;
}
