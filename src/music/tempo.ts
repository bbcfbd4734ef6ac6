import type { Note } from './note.ts';

/** The grid on which onsets are counted, milliseconds. */
const STEP_MS = 10;
/** Beats from 208 a minute to 40, as metronomes have them; milliseconds. */
const SHORTEST_BEAT_MS = 290;
const LONGEST_BEAT_MS = 1500;
/** People hear a beat near this one where several fit, and half or twice as fast half as readily (Parncutt 1994). */
const PREFERRED_BEAT_MS = 600;
/** Notes after which more would not change the answer. */
const MOST_NOTES = 4000;

/**
 * The pulse that onsets agree on best, beats a minute; null: too few notes. By autocorrelation of the onsets, louder
 * ones counting for more. An estimate: music without a beat has one too, by this.
 */
export function estimateBpm(notes: readonly Note[]): number | null {
  const some = notes.slice(0, MOST_NOTES);
  if (some.length < 8) return null;
  const firstMs = some[0]!.onsetMs;
  const strength = new Float64Array(Math.ceil((some.at(-1)!.onsetMs - firstMs) / STEP_MS) + 3);
  for (const { onsetMs, velocity } of some) {
    const at = Math.round((onsetMs - firstMs) / STEP_MS) + 1;
    // A little to both sides, so that an expressive player still agrees with himself.
    strength[at]! += velocity;
    strength[at - 1]! += velocity / 2;
    strength[at + 1]! += velocity / 2;
  }
  let best = 0;
  let bestBeat = 0;
  for (let beatMs = SHORTEST_BEAT_MS; beatMs <= LONGEST_BEAT_MS; beatMs += STEP_MS) {
    const lag = beatMs / STEP_MS;
    let sum = 0;
    for (let i = lag; i < strength.length; i++) sum += strength[i]! * strength[i - lag]!;
    const octaves = Math.log2(beatMs / PREFERRED_BEAT_MS);
    const score = (sum / Math.max(1, strength.length - lag)) * 2 ** -(octaves ** 2);
    if (score > best) [best, bestBeat] = [score, beatMs];
  }
  return best > 0 ? Math.round(60_000 / bestBeat) : null;
}
