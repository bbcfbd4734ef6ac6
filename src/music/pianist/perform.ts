/**
 * Plays a score as a pianist would. Every note of the score is struck exactly once, in the score's order; nothing is
 * left to chance but by the seed of the interpretation.
 */
import type { Music, Note } from '../note.ts';
import { toMusic } from '../note.ts';
import { seededRandom } from '../random.ts';
import { type Phrase, phrasesOf } from '../score/phrases.ts';
import type { Score, ScoreNote } from '../score/score.ts';
import { lastAtOrBefore } from '../search.ts';
import { endOf } from './arcs.ts';
import { holdsOf } from './articulation.ts';
import { type Clock, clockOf, msPerStep } from './clock.ts';
import { loudnessOf, velocityOf } from './dynamics.ts';
import { harmoniesOf } from './harmony.ts';
import type { Interpretation } from './interpretation.ts';
import { melodyOf } from './melody.ts';
import { normal } from './noise.ts';
import { pedalOf } from './pedalling.ts';
import { shadesOf } from './rules.ts';
import { strikesOf } from './strike.ts';

export type Played = {
  readonly music: Music;
  /** As the notes of the score, one by one. */
  readonly notes: readonly Note[];
  /** Where each bar begins, and where the last one ends; milliseconds from the start of the music. */
  readonly barsMs: readonly number[];
};

/** The last chord is held so long at least, milliseconds. */
const LAST_MS = 2600;
/** A key comes back so long after it was struck at the soonest, milliseconds. */
const AGAIN_MS = 82;
/** Velocities of the melody above the plain note, as a part of its distance from the accompaniment. */
const ABOVE = 0.6;
/** Deviation of a finger's strength, decibels; 1 by KTH motor noise, hands on rolls are looser. */
const STRENGTH_DB = 1.5;

export const perform = (score: Score, plan: Interpretation, phrases?: readonly Phrase[]): Music =>
  play(score, plan, phrases).music;

/** From bars to milliseconds; as in `Played`. */
export const barsOf = (score: Score, plan: Interpretation, phrases?: readonly Phrase[]): readonly number[] =>
  play(score, plan, phrases).barsMs;

/** @param score at least one note @param phrases as they were composed; found in the score where nobody knows */
export function play(
  score: Score,
  plan: Interpretation,
  phrases: readonly Phrase[] = phrasesOf(score),
): Played {
  if (score.notes.length === 0) throw new RangeError('a score without notes cannot be performed');
  const melody = melodyOf(score);
  const harmonies = harmoniesOf(score, phrases);
  const shades = shadesOf(score, melody, phrases, harmonies, plan.rules, msPerStep(plan));
  const clock = clockOf(score, phrases, shades, plan);
  const struck = strikeAll(score, new Set(melody), clock, plan);
  const firstMs = Math.min(...struck.slice(0, 12));
  const struckMs = struck.map((ms) => Math.round(ms - firstMs));
  const msAt = (step: number) => clock.msAt(step) - firstMs;

  const writtenMs = score.notes.map(({ onset, length }) => clock.msAt(onset + length) - clock.msAt(onset));
  const chordStarts = harmonies.map(({ start }) => start);
  const chordMs = score.notes.map(({ onset }) =>
    msAt(chordStarts[lastAtOrBefore(chordStarts, onset) + 1] ?? endOf(score)),
  );
  const held = holdsOf(score, struckMs, writtenMs, chordMs, shades);
  const end = score.notes.at(-1)!.onset;
  const lastStruck = struckMs.at(-1)!;
  const lastMs = Math.round(Math.max(lastStruck + LAST_MS, ...struckMs.map((ms, i) => ms + held[i]!)));
  const ends = score.notes.map(({ onset }, i) => (onset === end ? lastMs : struckMs[i]! + held[i]!));
  const pedal = pedalOf(
    score,
    score.notes.map(({ onset, pitch }, i) => ({ onset, pitch, ms: struckMs[i]!, endMs: ends[i]! })),
    harmonies,
    plan,
    msAt,
    lastMs,
  );
  const random = seededRandom(plan.seed + 1);
  const db = loudnessOf(score, phrases, harmonies, shades, plan);
  const notes = score.notes.map((note, i): Note => {
    const sung = shades.has(note);
    const more = plan.melodyLouder * (sung ? ABOVE : ABOVE - 1);
    const loose = STRENGTH_DB * plan.rules.noise * normal(random);
    return {
      onsetMs: struckMs[i]!,
      durationMs: Math.round(ends[i]!) - struckMs[i]!,
      pitch: note.pitch,
      velocity: velocityOf(db[i]! + loose, plan, more),
    };
  });
  const lines = [
    ...score.bars.map(({ start }) => start),
    score.bars.at(-1)!.start + score.bars.at(-1)!.length,
  ];
  const barsMs = lines.map((step) => Math.max(0, Math.round(msAt(step))));
  return { music: toMusic(notes, pedal), notes, barsMs };
}

/** When each note of the score is struck, in its order; unrounded, and possibly a little before 0. */
function strikeAll(
  { notes }: Score,
  melody: ReadonlySet<ScoreNote>,
  clock: Clock,
  plan: Interpretation,
): number[] {
  const struck: number[] = [];
  const onKey = new Map<number, number>();
  let beforeMs = Number.POSITIVE_INFINITY;
  for (let from = 0; from < notes.length; ) {
    const { onset } = notes[from]!;
    let to = from;
    while (notes[to]?.onset === onset) to++;
    const placeMs = clock.msAt(onset);
    const after = notes[to];
    const afterMs = after ? clock.msAt(after.onset) - placeMs : Number.POSITIVE_INFINITY;
    const chord = notes.slice(from, to);
    strikesOf(chord, (note) => melody.has(note), placeMs, beforeMs, afterMs, plan).forEach((ms, i) => {
      // The clock leaves room for this (clock.ts), so that it is never later than the next strike.
      const again = (onKey.get(chord[i]!.pitch) ?? Number.NEGATIVE_INFINITY) + AGAIN_MS;
      struck.push(Math.max(ms, again));
      onKey.set(chord[i]!.pitch, struck.at(-1)!);
    });
    beforeMs = afterMs;
    from = to;
  }
  return struck;
}
