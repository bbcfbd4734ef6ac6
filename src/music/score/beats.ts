/**
 * Beats in music that has no grid: dynamic programming over how strongly notes begin and how evenly beats follow one
 * another (Ellis, "Beat Tracking by Dynamic Programming", Journal of New Music Research 36, 2007).
 */
import type { Note } from '../note.ts';
import { estimateBpm } from '../tempo.ts';

/** The grid on which beats are looked for, milliseconds. */
const FRAME_MS = 10;
/** How much unevenness costs, against strength in units of its deviation. */
const TIGHTNESS = 100;
/** Where no pulse can be found at all. */
const PLAIN_BPM = 90;
/** Bars between two beats of other music; more is no beat. */
const MOST_FRAMES = 60 * 60 * 100;

/**
 * Instants of the beats, milliseconds, from before the first note to after the last release; even where nothing is struck.
 * @param notes in order of onset, at least one
 */
export function beatsOf(notes: readonly Note[]): number[] {
  const periodMs = 60_000 / (estimateBpm(notes) ?? PLAIN_BPM);
  const period = Math.round(periodMs / FRAME_MS);
  const firstMs = notes[0]!.onsetMs;
  const count = Math.min(MOST_FRAMES, Math.ceil((notes.at(-1)!.onsetMs - firstMs) / FRAME_MS) + 3);
  const strength = strengthOf(notes, firstMs, count);
  const best = new Float64Array(count);
  const from = new Int32Array(count).fill(-1);
  for (let at = 0; at < count; at++) {
    best[at] = strength[at]!;
    let most = 0;
    for (let back = Math.ceil(period / 2); back <= 2 * period && back <= at; back++) {
      const value = best[at - back]! - TIGHTNESS * Math.log(back / period) ** 2;
      if (value > most) [most, from[at]] = [value, at - back];
    }
    best[at]! += most;
  }
  let at = count - 1;
  for (let i = Math.max(0, count - period); i < count; i++) if (best[i]! > best[at]!) at = i;
  const beats: number[] = [];
  for (; at >= 0; at = from[at]!) beats.unshift(firstMs + at * FRAME_MS);
  const endMs = Math.max(...notes.map(({ onsetMs, durationMs }) => onsetMs + durationMs));
  while (beats[0]! > firstMs) beats.unshift(beats[0]! - periodMs);
  while (beats.at(-1)! <= endMs) beats.push(beats.at(-1)! + periodMs);
  return beats;
}

/** Velocities of what begins in each frame, smoothed over its neighbours, in units of their deviation. */
function strengthOf(notes: readonly Note[], firstMs: number, count: number): Float64Array {
  const strength = new Float64Array(count);
  for (const { onsetMs, velocity, pitch } of notes) {
    const at = Math.round((onsetMs - firstMs) / FRAME_MS);
    // Basses mark beats more than what runs above them.
    const weight = velocity * (pitch < 55 ? 1.5 : 1);
    for (let off = -2; off <= 2; off++)
      if (at + off >= 0 && at + off < count) strength[at + off]! += weight * Math.exp(-(off ** 2) / 2);
  }
  let sum = 0;
  for (const value of strength) sum += value * value;
  const deviation = Math.sqrt(sum / count) || 1;
  return strength.map((value) => value / deviation);
}
