/**
 * The pedal is changed where bass or harmony change: up just after the strike, down again when the old sound is gone and
 * the new keys are still held (syncopated pedalling). It is not held through rests.
 */
import { PEDAL_DOWN, type PedalChange } from '../note.ts';
import type { Score } from '../score/score.ts';
import { beatsOf } from './beats.ts';
import type { Harmony } from './harmony.ts';
import type { Interpretation } from './interpretation.ts';

/** Milliseconds: from the strike to the pedal's rise, from there to its fall. */
const RISE_MS = 25;
const FALL_MS = 220;
/** The longest that a pedal waits with its fall for the middle of a short beat, as a part of it. */
const FALL_PART = 0.3;
const DOWN = 127;
/** Notes from here down make a pedalled chord another one; the F above middle C. */
const HIGHEST_BASS = 57;
/** So many new neighbours of what sounds, up to the D an octave and a half above middle C, blur it. */
const BLURRED = 3;
const HIGHEST_BLUR = 74;
/** A silence of so many beats is one. */
const SILENT_BEATS = 1;

export type Struck = {
  readonly onset: number;
  readonly pitch: number;
  readonly ms: number;
  readonly endMs: number;
};

/** @param struck the notes of the score in its order, as they are struck @param lastMs when the last chord is let go */
export function pedalOf(
  score: Score,
  struck: readonly Struck[],
  harmonies: readonly Harmony[],
  { pedalMs: [least, most] }: Pick<Interpretation, 'pedalMs'>,
  msAt: (step: number) => number,
  lastMs: number,
): PedalChange[] {
  const changes: PedalChange[] = [];
  const chords = new Set(harmonies.map(({ start }) => start));
  const beats = beatsOf(score);
  let sounding: Struck[] = [];
  let bass = Number.POSITIVE_INFINITY;
  let changedMs = Number.NEGATIVE_INFINITY;
  let heldUntil = 0;
  let next = 0;
  const down = () => (changes.at(-1)?.value ?? 0) >= PEDAL_DOWN;
  beats.forEach((beat, i) => {
    const until = beats[i + 1] ?? Number.POSITIVE_INFINITY;
    const from = next;
    while (next < struck.length && struck[next]!.onset < until) next++;
    const own = struck.slice(from, next);
    const placeMs = msAt(beat);
    const beatMs = msAt(beat + (Number.isFinite(until) ? until - beat : 1)) - placeMs;
    if (own.length === 0) {
      // Nothing is struck: in a silence the dampers fall with the keys.
      if (down() && placeMs - heldUntil > -1 && beatMs * SILENT_BEATS > 0 && heldUntil < placeMs)
        changes.push({ ms: Math.max(heldUntil, changes.at(-1)!.ms + 1), value: 0 });
      return;
    }
    const onBeat = own.filter(({ onset }) => onset === beat);
    const lowest = Math.min(...own.map(({ pitch }) => pitch));
    const newBass = lowest <= HIGHEST_BASS && (lowest % 12 !== bass % 12 || lowest < bass);
    const wanted = chords.has(beat) || newBass || blurs(sounding, own) >= BLURRED;
    const strikeMs = Math.min(...(onBeat.length > 0 ? onBeat : own).map(({ ms }) => ms));
    const since = strikeMs - changedMs;
    if (!down() || (wanted && since >= least) || since >= most) {
      const riseMs = strikeMs + RISE_MS;
      const fallMs = riseMs + Math.min(FALL_MS, FALL_PART * beatMs);
      if (down()) changes.push({ ms: riseMs, value: 0 });
      changes.push({ ms: fallMs, value: DOWN });
      changedMs = strikeMs;
      sounding = [];
      bass = lowest;
    } else if (newBass) bass = lowest;
    sounding.push(...own);
    heldUntil = Math.max(heldUntil, ...own.map(({ endMs }) => endMs));
  });
  if (down()) changes.push({ ms: lastMs, value: 0 });
  return changes.map(({ ms, value }) => ({ ms: Math.round(ms), value }));
}

/** Notes that lie a second from something that sounds. */
function blurs(sounding: readonly Struck[], own: readonly Struck[]): number {
  const keys = new Set(sounding.filter(({ pitch }) => pitch <= HIGHEST_BLUR).map(({ pitch }) => pitch));
  return own.filter(
    ({ pitch }) =>
      pitch <= HIGHEST_BLUR &&
      !keys.has(pitch) &&
      [1, 2].some((by) => keys.has(pitch - by) || keys.has(pitch + by)),
  ).length;
}
