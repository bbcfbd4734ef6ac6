/** The chords beneath the music, beat by beat: by templates, the bass counting for more. */
import type { Key } from '../key.ts';
import type { Phrase } from '../score/phrases.ts';
import type { Score, ScoreNote } from '../score/score.ts';
import { lastAtOrBefore } from '../search.ts';
import { beatsOf } from './beats.ts';

export type ChordKind = 'major' | 'minor' | 'diminished';
export type Harmony = {
  /** Where it begins, steps. */
  readonly start: number;
  /** Pitch class. */
  readonly root: number;
  readonly kind: ChordKind;
  readonly key: Key;
};

const TRIADS: readonly [ChordKind, readonly number[]][] = [
  ['major', [0, 4, 7]],
  ['minor', [0, 3, 7]],
  ['diminished', [0, 3, 6]],
];
/** Weight of the lowest note's pitch class as a root, as a part of all that sounds; and what a change of chord costs. */
const BASS = 0.25;
const CHANGE = 0.5;
const CHANGE_AT_BAR = 0.3;

/** One after the other, neighbours differing; the first from 0 on. Viterbi over beats. */
export function harmoniesOf(score: Score, phrases: readonly Phrase[]): Harmony[] {
  const beats = beatsOf(score);
  const fits = fitsOf(score.notes, beats);
  const states = 12 * TRIADS.length;
  let best = new Float64Array(states);
  const from: Int16Array[] = [];
  const lines = new Set(score.bars.map(({ start }) => start));
  fits.forEach((fit, i) => {
    const cost = lines.has(beats[i]!) ? CHANGE_AT_BAR : CHANGE;
    let top = 0;
    for (let s = 1; s < states; s++) if (best[s]! > best[top]!) top = s;
    const next = new Float64Array(states);
    const came = new Int16Array(states);
    for (let s = 0; s < states; s++) {
      const stays = best[s]! >= best[top]! - cost;
      came[s] = stays ? s : top;
      next[s] = (stays ? best[s]! : best[top]! - cost) + fit[s]!;
    }
    from.push(came);
    best = next;
  });
  let state = best.indexOf(Math.max(...best));
  const path: number[] = [];
  for (let i = fits.length - 1; i >= 0; i--) {
    path.unshift(state);
    state = from[i]![state]!;
  }
  const phraseStarts = phrases.map(({ firstBar }) => score.bars[firstBar]!.start);
  const harmonies: Harmony[] = [];
  path.forEach((chord, i) => {
    if (i > 0 && path[i - 1] === chord) return;
    const key = phrases[Math.max(0, lastAtOrBefore(phraseStarts, beats[i]!))]?.key;
    harmonies.push({
      start: beats[i]!,
      root: Math.floor(chord / TRIADS.length),
      kind: TRIADS[chord % TRIADS.length]![0],
      key: key ?? { tonic: 0, major: true },
    });
  });
  return harmonies;
}

/** For each beat how well each chord fits what sounds in it, 0–1 and the bass. */
function fitsOf(notes: readonly ScoreNote[], beats: readonly number[]): Float64Array[] {
  const heard = beats.map(() => new Float64Array(12));
  const lowest = beats.map(() => Number.POSITIVE_INFINITY);
  for (const { onset, length, pitch } of notes) {
    for (let i = lastAtOrBefore(beats, onset); i < beats.length && beats[i]! < onset + length; i++) {
      if (i < 0) continue;
      const until = Math.min(onset + length, beats[i + 1] ?? Number.POSITIVE_INFINITY);
      heard[i]![pitch % 12]! += until - Math.max(onset, beats[i]!);
      lowest[i] = Math.min(lowest[i]!, pitch);
    }
  }
  return heard.map((sounding, i) => {
    const all = sounding.reduce((sum, value) => sum + value, 0) || 1;
    const fit = new Float64Array(12 * TRIADS.length);
    for (let root = 0; root < 12; root++)
      TRIADS.forEach(([, degrees], kind) => {
        const own = degrees.reduce((sum, degree) => sum + sounding[(root + degree) % 12]!, 0) / all;
        fit[root * TRIADS.length + kind] = own + (lowest[i]! % 12 === root ? BASS : 0);
      });
    return fit;
  });
}
