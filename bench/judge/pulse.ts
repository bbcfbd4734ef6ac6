/** Whether music has a beat: how well its onsets agree with themselves a beat later. */
import { chordsOf } from '../../src/music/chords.ts';
import type { Note } from '../../src/music/note.ts';
import { seededRandom } from '../../src/music/random.ts';
import { mean } from '../../src/music/statistics.ts';
import { PASSAGE_MS } from './passages.ts';

/** Onsets are counted on a grid of this, each a bell of so much: a player is exact to about 20 ms. */
const STEP_MS = 10;
const BELL_MS = 20;
/** Tempo changes: looked at is one stretch of music after the other. */
const STRETCH_MS = 10_000;
const BEATS_MS = [250, 1500] as const;
const SHUFFLES = 5;

export const strikesOf = (notes: readonly Note[]): number[] =>
  chordsOf(notes).map((chord) => chord[0]!.onsetMs);

/** Highest autocorrelation of the onsets at lags of 0.25–1.5 s, 0–1; mean over stretches of 10 s. 0 without onsets. */
export function pulse(onsets: readonly number[]): number {
  const peaks = stretches(onsets).map(peak);
  return mean(peaks.filter((value) => value !== null));
}

/** How much of the pulse is lost when the gaps between onsets of each stretch come in another order. */
export function pulseAboveShuffled(onsets: readonly number[], random = seededRandom(1)): number {
  const others = Array.from({ length: SHUFFLES }, () =>
    pulse(stretches(onsets).flatMap((own, i) => shuffled(own, random).map((ms) => ms + i * STRETCH_MS))),
  );
  return pulse(onsets) - mean(others);
}

/** Onsets of each stretch, from 0 on. */
function stretches(onsets: readonly number[]): number[][] {
  return Array.from({ length: PASSAGE_MS / STRETCH_MS }, (_, i) =>
    onsets.filter((ms) => Math.floor(ms / STRETCH_MS) === i).map((ms) => ms - i * STRETCH_MS),
  );
}

function shuffled(onsets: readonly number[], random: () => number): number[] {
  const gaps = onsets.slice(1).map((ms, i) => ms - onsets[i]!);
  for (let i = gaps.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [gaps[i], gaps[j]] = [gaps[j]!, gaps[i]!];
  }
  let ms = onsets[0] ?? 0;
  return onsets.map((_, i) => {
    if (i > 0) ms += gaps[i - 1]!;
    return ms;
  });
}

/** Of one stretch; null where there are too few onsets to have a beat. */
function peak(onsets: readonly number[]): number | null {
  if (onsets.length < 2) return null;
  const count = STRETCH_MS / STEP_MS;
  const strength = new Float64Array(count);
  const reach = Math.ceil((3 * BELL_MS) / STEP_MS);
  for (const ms of onsets) {
    const at = Math.floor(ms / STEP_MS);
    for (let i = Math.max(0, at - reach); i <= Math.min(count - 1, at + reach); i++)
      strength[i]! += Math.exp(-0.5 * (((i + 0.5) * STEP_MS - ms) / BELL_MS) ** 2);
  }
  const centre = mean([...strength]);
  let energy = 0;
  for (let i = 0; i < count; i++) {
    strength[i]! -= centre;
    energy += strength[i]! ** 2;
  }
  let best = 0;
  for (let lag = BEATS_MS[0] / STEP_MS; lag <= BEATS_MS[1] / STEP_MS; lag++) {
    let sum = 0;
    for (let i = lag; i < count; i++) sum += strength[i]! * strength[i - lag]!;
    best = Math.max(best, (sum / energy) * (count / (count - lag)));
  }
  return best;
}
