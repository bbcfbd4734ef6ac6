/**
 * Where a score breathes: its phrases, how each comes to rest, the key it is in and what it recalls. Printed music does
 * not say; it is found from long notes and rests of the upper voice, with four and eight bars as what is expected.
 */
import { type Key, keyOf } from '../key.ts';
import { notesByBar, type Score, type ScoreNote } from './score.ts';

export const CADENCES = ['open', 'half', 'full', 'final'] as const;
/** `half` rests on the dominant, `full` on the tonic, `final` ends the piece; `open` is none of these. */
export type Cadence = (typeof CADENCES)[number];

export type Phrase = {
  readonly firstBar: number;
  /** Bars, 1–LONGEST_PHRASE. */
  readonly bars: number;
  readonly key: Key;
  readonly cadence: Cadence;
  /** How many phrases back lies what this one recalls, 1–FARTHEST_RECALL; 0 for nothing, RECALLS_OPENING for the first. */
  readonly recalls: number;
};

export const LONGEST_PHRASE = 12;
export const FARTHEST_RECALL = 8;
export const RECALLS_OPENING = FARTHEST_RECALL + 1;

/** What a phrase of so many bars costs, in units of boundary strength; index 0 is not used. */
const COST = [0, 2.2, 0.7, 1, 0, 1, 0.6, 1.1, 0.15, 1.6, 1.2, 1.8, 1];
/** Strength that a bar line must have before a phrase ends there willingly. */
const BREATH = 0.5;
/** How alike two phrases are, 0–1, for one to recall the other. */
const ALIKE = 0.45;
const STEPS_AS_MS = 20;

export function phrasesOf(score: Score): Phrase[] {
  const byBar = notesByBar(score);
  const starts = boundaries(score, byBar);
  const phrases: Phrase[] = [];
  const material: Material[] = [];
  for (let i = 0; i < starts.length; i++) {
    const firstBar = starts[i]!;
    const end = starts[i + 1] ?? score.bars.length;
    const notes = byBar.slice(firstBar, end).flat();
    const key = notes.length > 0 ? keyOfScore(notes) : (phrases.at(-1)?.key ?? { tonic: 0, major: true });
    material.push(materialOf(notes, score.bars[firstBar]!.start));
    phrases.push({
      firstBar,
      bars: end - firstBar,
      key,
      cadence: end === score.bars.length ? 'final' : cadenceOf(byBar[end - 1] ?? [], key),
      recalls: recalled(material, i),
    });
  }
  return phrases;
}

export const keyOfScore = (notes: readonly ScoreNote[]): Key =>
  keyOf(
    notes.map(({ pitch, length }) => ({ onsetMs: 0, durationMs: length * STEPS_AS_MS, pitch, velocity: 64 })),
  );

/** The bars at which phrases begin, by dynamic programming over the strength of each bar line. */
function boundaries(score: Score, byBar: readonly ScoreNote[][]): number[] {
  const count = score.bars.length;
  const strength = strengths(score, byBar);
  const best = new Float64Array(count + 1).fill(Number.NEGATIVE_INFINITY);
  const from = new Int32Array(count + 1);
  best[0] = 0;
  const upbeat = (byBar[0]?.[0]?.onset ?? 0) >= score.bars[0]!.length / 2 ? 1 : 0;
  for (let end = 1; end <= count; end++)
    for (let bars = 1; bars <= Math.min(LONGEST_PHRASE, end); bars++) {
      // A bar that holds an upbeat alone is not counted.
      const whole = bars === end ? Math.max(1, bars - upbeat) : bars;
      const value = best[end - bars]! - COST[whole]! + (end < count ? strength[end]! - BREATH : 0);
      if (value > best[end]!) {
        best[end] = value;
        from[end] = end - bars;
      }
    }
  const starts: number[] = [];
  for (let at = count; at > 0; at = from[at]!) starts.unshift(from[at]!);
  return starts;
}

/** How much like a breath each bar line is: long notes and rests of the upper voice around it, and returning bars. */
function strengths(score: Score, byBar: readonly ScoreNote[][]): Float64Array {
  const top = topLine(score.notes);
  const strength = new Float64Array(score.bars.length);
  let next = 0;
  for (let bar = 1; bar < score.bars.length; bar++) {
    const line = score.bars[bar]!.start;
    while (next < top.length && top[next]!.onset < line) next++;
    // The longest wait between onsets of the upper voice from the last beat before to half a bar after the line.
    const { length } = score.bars[bar]!;
    let longest = 0;
    for (let i = Math.max(1, next - 4); i <= next + 1 && i < top.length; i++) {
      const [a, b] = [top[i - 1]!.onset, top[i]!.onset];
      if (a >= line - length && b <= line + length / 2 && b > line - length / 2)
        longest = Math.max(longest, b - a);
    }
    const rest = (byBar[bar - 1]?.length ?? 0) === 0 ? 1 : 0;
    const few = Math.max(0, 1 - (byBar[bar - 1]?.length ?? 0) / (1 + average(byBar, bar)));
    strength[bar] = Math.min(1.2, longest / length) + 0.5 * few + rest;
  }
  return strength;
}

const average = (byBar: readonly ScoreNote[][], bar: number): number => {
  const around = byBar.slice(Math.max(0, bar - 8), bar + 8);
  return around.reduce((sum, notes) => sum + notes.length, 0) / Math.max(1, around.length);
};

/** At each onset the highest note struck, where it is not below a note of the voice that still sounds. */
export function topLine(notes: readonly ScoreNote[]): ScoreNote[] {
  const line: ScoreNote[] = [];
  for (let i = 0; i < notes.length; i++) {
    const note = notes[i]!;
    if (notes[i + 1]?.onset === note.onset || note.part === 'left') continue;
    const before = line.at(-1);
    if (before && before.onset + before.length > note.onset && before.pitch > note.pitch + 4) continue;
    line.push(note);
  }
  return line;
}

/** How a phrase rests, by the last deep note of its last bar, against its key. */
export function cadenceOf(lastBar: readonly ScoreNote[], key: Key): Cadence {
  if (lastBar.length === 0) return 'open';
  const basses = lastBar.filter((note, i) => i === 0 || lastBar[i - 1]!.onset !== note.onset);
  const lowest = Math.min(...basses.map((note) => note.pitch));
  const bass = basses.filter((note) => note.pitch <= lowest + 12).at(-1)!;
  const degree = (note: ScoreNote): number => (note.pitch - key.tonic + 120) % 12;
  const top = lastBar
    .filter((note) => note.onset >= bass.onset)
    .reduce((a, b) => (b.pitch > a.pitch ? b : a));
  if (degree(bass) === 0 && [0, 3, 4, 7].includes(degree(top))) return 'full';
  return degree(bass) === 7 ? 'half' : 'open';
}

/** Onset from the phrase's start × 128 + pitch, of every note. */
type Material = {
  readonly notes: ReadonlySet<number>;
  readonly first: readonly ScoreNote[];
  readonly start: number;
};

const materialOf = (notes: readonly ScoreNote[], start: number): Material => ({
  notes: new Set(notes.map((note) => (note.onset - start) * 128 + note.pitch)),
  first: notes.slice(0, 6),
  start,
});

function recalled(material: readonly Material[], index: number): number {
  const phrase = material[index]!;
  if (phrase.notes.size < 6) return 0;
  let [best, found] = [ALIKE, 0];
  for (let back = 1; back <= Math.min(FARTHEST_RECALL, index); back++) {
    const alike = likeness(phrase, material[index - back]!);
    if (alike > best) [best, found] = [alike, back];
  }
  if (index > FARTHEST_RECALL && likeness(phrase, material[0]!) > best) return RECALLS_OPENING;
  return found;
}

/** How alike the notes of two phrases are, 0–1; each from its own start. */
export const likenessOf = (a: readonly ScoreNote[], b: readonly ScoreNote[]): number =>
  likeness(materialOf(a, 0), materialOf(b, 0));

/** Share of notes that two phrases have in common, 0–1 (F1), under the best of the transpositions that their beginnings suggest. */
function likeness(a: Material, b: Material): number {
  const shifts = new Set([0]);
  for (const x of a.first)
    for (const y of b.first) if (x.onset - a.start === y.onset - b.start) shifts.add(x.pitch - y.pitch);
  let most = 0;
  for (const shift of shifts) {
    let common = 0;
    for (const note of b.notes) if (a.notes.has(note + shift)) common++;
    most = Math.max(most, common);
  }
  return (2 * most) / (a.notes.size + b.notes.size || 1);
}
