import { seededRandom } from '../../src/music/random.ts';
import { frequencyOf } from './response.ts';

/**
 * Impulse responses, made of arithmetic and a fixed seed: everybody's room is the same. All have the energy 1 a
 * channel, and are short, since phones convolve with them all the time.
 */
const ROOM_S = 1.15;
/** Until the walls answer, seconds. */
const ROOM_GAP_S = 0.015;
/** Walls and curtains take the high sound first: time in which it falls by 60 dB, seconds, below and above a pitch. */
const LOW_RT60_S = 1.3;
const HIGH_RT60_S = 1.1;
const PARTED_HZ = 1_200;
/** Air and cloth have taken from here up already; a low-pass over the noise. */
const ROOM_DARK_HZ = 5_000;

/** A room for some thirty people, for two ears. */
export function roomImpulse(sampleRate: number): readonly [Float32Array, Float32Array] {
  const keepOf = (hertz: number) => Math.exp((-2 * Math.PI * hertz) / sampleRate);
  const [keep, keepLow] = [keepOf(ROOM_DARK_HZ), keepOf(PARTED_HZ)];
  const ear = (seed: number): Float32Array => {
    const random = seededRandom(seed);
    const impulse = new Float32Array(Math.round(ROOM_S * sampleRate));
    const gap = Math.round(ROOM_GAP_S * sampleRate);
    const fall = (rt60S: number) => 10 ** (-3 / (rt60S * sampleRate));
    const [fallLow, fallHigh] = [fall(LOW_RT60_S), fall(HIGH_RT60_S)];
    let [dark, low, lowLevel, highLevel] = [0, 0, 1, 1];
    for (let i = gap; i < impulse.length; i++) {
      dark = keep * dark + (1 - keep) * (2 * random() - 1);
      low = keepLow * low + (1 - keepLow) * dark;
      impulse[i] = low * lowLevel + (dark - low) * highLevel;
      lowLevel *= fallLow;
      highLevel *= fallHigh;
    }
    return fadedOut(impulse);
  };
  return [ear(1), ear(2)];
}

const SPREAD_S = 0.05;
/** After the sound itself, so that where it begins stays where it was; seconds. */
const SPREAD_GAP_S = 0.0015;
/** All-passes, one after the other: they keep every pitch as loud as it was. Seconds, and how much goes round again. */
const LOOPS_S = [0.0011, 0.0023, 0.0037];
const ROUND = 0.6;

/** What one ear is given, and taken from the other: strings are no point, and one loudspeaker hears nothing of it. */
export function spreadImpulse(sampleRate: number): Float32Array {
  const impulse = new Float32Array(Math.round(SPREAD_S * sampleRate));
  impulse[Math.round(SPREAD_GAP_S * sampleRate)] = 1;
  for (const loopS of LOOPS_S) {
    const loop = Math.round(loopS * sampleRate);
    const given = impulse.slice();
    // M. R. Schroeder's all-pass: y[i] = −g x[i] + x[i−n] + g y[i−n].
    for (let i = 0; i < impulse.length; i++)
      impulse[i] = -ROUND * given[i]! + (given[i - loop] ?? 0) + ROUND * (impulse[i - loop] ?? 0);
  }
  return fadedOut(impulse);
}

const STRINGS_S = 1;
/** Strings swell into sympathy over this time, seconds, and ring with these time constants, bass and treble. */
const SWELL_S = 0.03;
const BASS_RING_S = 0.45;
const TREBLE_RING_S = 0.12;
/** Dampers end where the treble begins, and higher strings take in little. */
const LOWEST = 21;
const HIGHEST = 100;

/** All strings of a piano whose dampers are raised, answering a knock. */
export function stringsImpulse(sampleRate: number): Float32Array {
  const random = seededRandom(3);
  const impulse = new Float32Array(Math.round(STRINGS_S * sampleRate));
  for (let pitch = LOWEST; pitch <= HIGHEST; pitch++) {
    const part = (pitch - LOWEST) / (HIGHEST - LOWEST);
    const ringS = BASS_RING_S * (TREBLE_RING_S / BASS_RING_S) ** part;
    // No piano is in perfect tune.
    const frequency = frequencyOf(pitch) * 2 ** ((0.04 * (random() - 0.5)) / 12);
    const angle = (2 * Math.PI * frequency) / sampleRate;
    const keep = Math.exp(-1 / (ringS * sampleRate));
    const phase = 2 * Math.PI * random();
    // A damped sine by its recurrence: y[i] = 2 k cos(a) y[i-1] − k² y[i-2]; a sine each sample would take a phone long.
    let before = Math.sin(phase - angle) / keep;
    let now = Math.sin(phase);
    const turn = 2 * keep * Math.cos(angle);
    for (let i = 0; i < impulse.length; i++) {
      impulse[i]! += now;
      [before, now] = [now, turn * now - keep * keep * before];
    }
  }
  return fadedOut(impulse.map((value, i) => value * (1 - Math.exp(-i / (SWELL_S * sampleRate)))));
}

/** To nothing over the last fifth, and to the energy 1. */
function fadedOut(impulse: Float32Array): Float32Array {
  const from = Math.round(impulse.length * 0.8);
  for (let i = from; i < impulse.length; i++) {
    impulse[i]! *= 0.5 + 0.5 * Math.cos((Math.PI * (i - from)) / (impulse.length - from));
  }
  const energy = impulse.reduce((sum, value) => sum + value ** 2, 0);
  return impulse.map((value) => value / Math.sqrt(energy));
}
