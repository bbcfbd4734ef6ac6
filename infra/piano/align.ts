import { attackFrame } from '../../web/instrument/attack.ts';
import type { Recording } from './recordings.ts';

/** A soft and a loud recording of one key are the same to this much of a second from the attack on, but for colour. */
const COMPARED_S = 0.3;
/** A shift either way, seconds, of which each layer takes a half: both stay well within 1 ms of their attacks. */
const MOST_S = 0.0012;

/**
 * The frame of each recording that is to sound at a note's onset: the attack, moved such that the two layers, which
 * sound together at middling velocities, do not cancel. At their attacks alone they correlate by −0.6 to 1; so by 0.98.
 */
export function aligned(soft: Recording, forte: Recording): readonly [number, number] {
  const [a, b] = [soft, forte].map(({ signal, sampleRate }) => attackFrame(signal, sampleRate)) as [
    number,
    number,
  ];
  const most = Math.round(MOST_S * soft.sampleRate);
  let best = { lag: 0, likeness: Number.NEGATIVE_INFINITY };
  for (let lag = -most; lag <= most; lag++) {
    const likeness = correlation(soft, a, forte, b + lag);
    if (likeness > best.likeness) best = { lag, likeness };
  }
  const half = Math.trunc(best.lag / 2);
  return [a - half, b + best.lag - half];
}

export function correlation(one: Recording, from: number, other: Recording, otherFrom: number): number {
  const length = Math.round(COMPARED_S * one.sampleRate);
  let [both, first, second] = [0, 0, 0];
  for (let i = 0; i < length; i++) {
    const x = one.signal[from + i] ?? 0;
    const y = other.signal[otherFrom + i] ?? 0;
    both += x * y;
    first += x * x;
    second += y * y;
  }
  return both / Math.sqrt(first * second);
}
