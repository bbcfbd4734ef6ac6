/** From steps of the score to milliseconds: the tempo, bent by phrases, by the melody and by the end. */
import type { Phrase } from '../score/phrases.ts';
import { beatOf, type Score, type ScoreNote } from '../score/score.ts';
import { lastAtOrBefore } from '../search.ts';
import { arc, endOf, phraseSpeed, RESTS, ritard } from './arcs.ts';
import { beatsOf } from './beats.ts';
import type { Interpretation } from './interpretation.ts';
import { pink } from './noise.ts';
import type { Shade } from './rules.ts';

export type Clock = {
  /** Milliseconds from the first bar; steps may be fractions, and lie beyond the end. */
  readonly msAt: (step: number) => number;
  /** How fast it goes at a step, of the interpretation's tempo. */
  readonly speedAt: (step: number) => number;
};

/** How much of what the rules add to a bar stays; the rest is taken from the same bar. */
const KEPT = 0.35;
/** A beat takes at most this much more or less than the one that the arcs give it. */
const WIDEST = 0.3;
/** The final ritard is so long, in time before it: 1.3 s by the KTH rule, longer where bars are. */
const RITARD_MS = 1800;
/** The whole piece has an arc too: so much slower at its beginning and end. */
const WHOLE = 0.04;

export const msPerStep = ({ tempo }: Pick<Interpretation, 'tempo'>): number => 60_000 / (tempo * 24);

export function clockOf(
  score: Score,
  phrases: readonly Phrase[],
  shades: ReadonlyMap<ScoreNote, Shade>,
  plan: Interpretation,
): Clock {
  const end = endOf(score);
  const plain = msPerStep(plan);
  const speedOfPhrase = phraseSpeed(score, phrases, plan);
  const wander = wanderOf(score, plan);
  const stop = ritardOf(score, plan);
  const starts = phrases.map(({ firstBar }) => score.bars[firstBar]!.start);
  const phraseAt = (step: number) => Math.max(0, lastAtOrBefore(starts, step));
  const edges = 1 - WHOLE * plan.rules.phraseArch;
  const steps = new Float64Array(end);
  for (let step = 0; step < end; step++) {
    const whole = arc((step + 0.5) / end, edges, edges, 0.5);
    const own = speedOfPhrase(step + 0.5) * (plan.phrasesSpeed[phraseAt(step)] ?? 1);
    steps[step] = plain / (own * whole * stop(step + 0.5) * wander(step + 0.5));
  }
  breathe(steps, score, phrases, plan.breathMs);
  shade(steps, score, shades);
  return clockFrom(giveRoom(steps, score.notes), plain);
}

/** @param steps milliseconds of each step of the score @param plain of a step by the tempo alone */
export function clockFrom(steps: Float64Array, plain: number): Clock {
  const at = new Float64Array(steps.length + 1);
  for (let i = 0; i < steps.length; i++) at[i + 1] = at[i]! + steps[i]!;
  const beyond = steps.at(-1) ?? plain;
  const index = (step: number) => Math.min(steps.length - 1, Math.max(0, Math.floor(step)));
  return {
    msAt: (step) =>
      step >= steps.length
        ? at[steps.length]! + (step - steps.length) * beyond
        : at[index(step)]! + (step - index(step)) * steps[index(step)]!,
    speedAt: (step) => plain / steps[index(step)]!,
  };
}

/** The beat's own wandering, one value a beat with straight lines between them; speeds around 1. */
function wanderOf(score: Score, { rubato, seed }: Interpretation): (step: number) => number {
  const beats = beatsOf(score);
  const noise = pink(beats.length + 1, seed);
  return (step) => {
    const i = Math.max(0, lastAtOrBefore(beats, step));
    const next = beats[i + 1] ?? endOf(score);
    const part = (step - beats[i]!) / (next - beats[i]!);
    const value = rubato * (noise[i]! * (1 - part) + noise[i + 1]! * part);
    return Math.exp(Math.min(WIDEST, Math.max(-WIDEST, value)));
  };
}

/** Up to the last strike; what is struck last is held at its tempo. */
function ritardOf({ notes, bars }: Score, plan: Interpretation): (step: number) => number {
  const last = notes.at(-1)?.onset ?? 0;
  const length = Math.max(RITARD_MS / msPerStep(plan), bars.at(-1)!.length);
  const start = Math.max(0, last - length);
  const slowest = 1 / (1 + 1.5 * plan.rules.finalRitard);
  return (step) =>
    step <= start ? 1 : ritard(Math.min(1, (step - start) / Math.max(1, last - start)), slowest);
}

/** Makes the last beat of a phrase longer, by how it rests. */
function breathe(steps: Float64Array, score: Score, phrases: readonly Phrase[], breathMs: number): void {
  for (const { firstBar, bars, cadence } of phrases) {
    const last = score.bars[firstBar + bars - 1];
    const next = score.bars[firstBar + bars];
    if (!last || !next) continue;
    const beat = Math.min(last.length, beatOf(last.metre));
    for (let step = next.start - beat; step < next.start; step++)
      steps[step]! += (breathMs * RESTS[cadence]) / beat;
  }
}

/** Adds what the rules give to each note, and takes most of it back within the bar. */
function shade(steps: Float64Array, { bars, notes }: Score, shades: ReadonlyMap<ScoreNote, Shade>): void {
  const melody = notes.filter((note) => shades.has(note));
  const added = new Float64Array(steps.length);
  melody.forEach((note, i) => {
    const until = Math.min(steps.length, melody[i + 1]?.onset ?? note.onset + note.length);
    const each = shades.get(note)!.ms / Math.max(1, until - note.onset);
    for (let step = note.onset; step < until; step++) added[step]! += each;
  });
  for (const { start, length } of bars) {
    let net = 0;
    for (let step = start; step < start + length; step++) net += added[step]!;
    for (let step = start; step < start + length; step++)
      steps[step]! += added[step]! - ((1 - KEPT) * net) / length;
  }
}

/** What hands need: between strikes, and between strikes of one key, milliseconds; most notes in a second. */
const BETWEEN_STRIKES_MS = 45;
const BETWEEN_SAME_MS = 105;
const MOST_A_SECOND = 46;

/** Waits where notes would come faster than hands are, as a player does for small notes. */
function giveRoom(steps: Float64Array, notes: readonly ScoreNote[]): Float64Array {
  const stretch = (from: number, to: number, ms: number) => {
    let now = 0;
    for (let step = from; step < to; step++) now += steps[step]!;
    if (now >= ms) return;
    for (let step = from; step < to; step++) steps[step]! *= ms / now;
  };
  const last = new Map<number, number>();
  let before = -1;
  for (const { onset, pitch } of notes) {
    if (before >= 0 && onset > before) stretch(before, onset, BETWEEN_STRIKES_MS);
    const same = last.get(pitch);
    if (same !== undefined && onset > same) stretch(same, onset, BETWEEN_SAME_MS);
    last.set(pitch, onset);
    before = onset;
  }
  for (let i = 0; i + MOST_A_SECOND < notes.length; i++) {
    const [from, to] = [notes[i]!.onset, notes[i + MOST_A_SECOND]!.onset];
    if (to > from) stretch(from, to, 1050);
  }
  return steps;
}
