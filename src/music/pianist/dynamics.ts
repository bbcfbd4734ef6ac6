/** How loud each note is, decibels around the plain note of the interpretation, and velocities from them. */
import type { Phrase } from '../score/phrases.ts';
import type { Score, ScoreNote } from '../score/score.ts';
import { lastAtOrBefore } from '../search.ts';
import { endOf, phraseSpeed } from './arcs.ts';
import { strength } from './beats.ts';
import { harmonicCharge } from './charge.ts';
import type { Harmony } from './harmony.ts';
import type { Interpretation } from './interpretation.ts';
import type { Shade } from './rules.ts';

/** Loudness over tempo, both in decibels: 1 is Todd's square law, KTH arches have two to three. */
const LOUDNESS_OF_SPEED = 4.5;
/** Decibels: a strong beat; a semitone above the part's mean (3 dB an octave). */
const ACCENT = 2;
const HIGHER = 0.25;
const HARMONIC = 1.5;
/** Notes struck together by a hand share its weight: decibels for twice as many. */
const THICKER = -1.2;
/** Inner voices of the melody's own hand, against other accompaniment. */
const INNER = -2.5;
/** The lowest note of the left hand carries the others. */
const BASS = 1.5;

/** A note's amplitude grows with this power of its velocity (see loudness.ts). */
const POWER = 2.9;
const SOFTEST = 14;
const LOUDEST = 118;

/** @returns decibels a note, in the order of the score */
export function loudnessOf(
  score: Score,
  phrases: readonly Phrase[],
  harmonies: readonly Harmony[],
  shades: ReadonlyMap<ScoreNote, Shade>,
  plan: Interpretation,
): number[] {
  const { rules } = plan;
  const speed = phraseSpeed(score, phrases, plan);
  const starts = phrases.map(({ firstBar }) => score.bars[firstBar]!.start);
  const bars = score.bars.map(({ start }) => start);
  const means = meansOf(score.notes);
  const tension = tensionOf(harmonies, score);
  const chords = chordSizes(score.notes);
  return score.notes.map((note) => {
    const { onset, pitch, part } = note;
    const own = shades.get(note);
    const { size, lowest } = chords.get(`${part} ${onset}`)!;
    const phrase = Math.max(0, lastAtOrBefore(starts, onset));
    const bar = score.bars[Math.max(0, lastAtOrBefore(bars, onset))]!;
    const role = own ? 0 : (part === 'left' ? 0 : INNER) + (part === 'left' && pitch === lowest ? BASS : 0);
    return (
      (plan.phrasesDb[phrase] ?? 0) +
      plan.climaxDb * arch(onset / endOf(score), plan.climax) +
      LOUDNESS_OF_SPEED * 20 * Math.log10(speed(onset)) +
      ACCENT * rules.metricalAccent * strength(onset, bar) +
      HIGHER * rules.highLoud * (pitch - means[part]) +
      rules.harmonicCharge * tension(onset) +
      (own ? own.db : THICKER * Math.log2(size)) +
      role
    );
  });
}

/** @param db around the plain note */
export function velocityOf(db: number, plan: Pick<Interpretation, 'velocity'>, more = 0): number {
  const velocity = plan.velocity * 10 ** (db / (20 * POWER)) + more;
  return Math.round(Math.min(LOUDEST, Math.max(SOFTEST, velocity)));
}

/** From −4/3 at both ends to 2/3 at its peak, mean 0: how near the climax is. */
const arch = (x: number, peak: number): number =>
  2 / 3 - 2 * ((x - peak) / (x < peak ? peak : 1 - peak)) ** 2;

function meansOf(notes: readonly ScoreNote[]): Record<ScoreNote['part'], number> {
  const mean = (part: ScoreNote['part']) => {
    const own = notes.filter((note) => note.part === part);
    return own.reduce((sum, { pitch }) => sum + pitch, 0) / Math.max(1, own.length);
  };
  return { right: mean('right'), left: mean('left'), voice: mean('voice') };
}

/** Grows from chord to chord; its mean over the piece is taken off, so that the whole is not louder for it. */
function tensionOf(harmonies: readonly Harmony[], score: Score): (step: number) => number {
  const starts = harmonies.map(({ start }) => start);
  const values = harmonies.map((harmony) => HARMONIC * Math.sqrt(harmonicCharge(harmony)));
  let sum = 0;
  harmonies.forEach(({ start }, i) => {
    sum += values[i]! * ((starts[i + 1] ?? endOf(score)) - start);
  });
  const mean = sum / endOf(score);
  return (step) => {
    const i = Math.max(0, lastAtOrBefore(starts, step));
    const next = starts[i + 1];
    const part = next === undefined ? 0 : (step - starts[i]!) / (next - starts[i]!);
    return (values[i] ?? 0) * (1 - part) + (values[i + 1] ?? values[i] ?? 0) * part - mean;
  };
}

/** By part and onset: how many notes it strikes, and the lowest of them. */
function chordSizes(notes: readonly ScoreNote[]): Map<string, { size: number; lowest: number }> {
  const chords = new Map<string, { size: number; lowest: number }>();
  for (const { onset, part, pitch } of notes) {
    const chord = chords.get(`${part} ${onset}`);
    if (chord) chord.size++;
    else chords.set(`${part} ${onset}`, { size: 1, lowest: pitch });
  }
  return chords;
}
