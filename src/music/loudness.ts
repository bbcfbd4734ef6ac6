import type { Music } from './note.ts';
import { foldPedal } from './pedal.ts';
import { mean } from './statistics.ts';

/**
 * A note's amplitude grows with this power of its velocity: 14 dB a doubling, velocities 31 to 86 span 20 dB. At 2.9, as
 * it was, they spanned 26, and a pianissimo was lost on the loudspeaker of a telephone.
 */
const POWER = 2.3;
/** The velocity at which a note is as loud as the instrument was recorded. */
const PLAIN_VELOCITY = 64;

/** Amplitude of a note, where 1 is that of a middling one. */
export const gainOf = (velocity: number): number => (velocity / PLAIN_VELOCITY) ** POWER;

/** Strings die away over about this time constant, milliseconds; and sound softer by so much a key from here upwards. */
const DECAY_MS = 600;
const SOFTER_FROM = 48;
const SOFTER_DB = 0.2;
/** Blocks and gate of programme loudness (ITU-R BS.1770), milliseconds and decibels. */
const BLOCK_MS = 400;
const GATE_DB = 10;
/** Few performances need more. */
const MOST_DB = 9;

/**
 * By how much a performance is to be made louder or softer to be as loud as others: programme loudness, estimated from
 * its notes. One figure for all of it, so that loud and soft within it stay as they were played. Decibels, rounded.
 */
export function levelDb(music: Music): number {
  const powers = new Float64Array(Math.ceil(music.durationMs / BLOCK_MS) + 1);
  for (const { onsetMs, durationMs, pitch, velocity } of foldPedal(music).notes) {
    const power = gainOf(velocity) ** 2 * 10 ** ((-SOFTER_DB * Math.max(0, pitch - SOFTER_FROM)) / 10);
    const endMs = onsetMs + durationMs;
    for (let block = Math.floor(onsetMs / BLOCK_MS); block * BLOCK_MS < endMs; block++) {
      // The part of the note's energy that falls into this block.
      const left = (ms: number) => Math.exp(-(Math.min(endMs, Math.max(onsetMs, ms)) - onsetMs) / DECAY_MS);
      const part = left(block * BLOCK_MS) - left((block + 1) * BLOCK_MS);
      powers[block]! += (power * DECAY_MS * part) / BLOCK_MS;
    }
  }
  const heard = [...powers].filter((power) => power > 0);
  if (heard.length === 0) return 0;
  const gate = mean(heard) / 10 ** (GATE_DB / 10);
  const loudness = 10 * Math.log10(mean(heard.filter((power) => power > gate)));
  return Math.round(10 * Math.max(-MOST_DB, Math.min(MOST_DB, -loudness))) / 10;
}
