/**
 * How a score is played on a day: one tempo, and how much of each rule. Plain JSON, kept with the performance; the same
 * score and interpretation give the same notes. An amount of 1 is what the rule's authors publish.
 */
import { seededRandom } from '../random.ts';
import type { Phrase } from '../score/phrases.ts';
import { type Score, STEPS_PER_QUARTER } from '../score/score.ts';
import { beatOf } from './beats.ts';

/** Amounts; see the rule of that name. */
export type Rules = {
  readonly phraseArch: number;
  readonly halfPhraseArch: number;
  readonly durationContrast: number;
  readonly doubleDuration: number;
  readonly melodicCharge: number;
  readonly harmonicCharge: number;
  readonly highLoud: number;
  readonly fasterUphill: number;
  readonly punctuation: number;
  readonly metricalAccent: number;
  readonly finalRitard: number;
  readonly noise: number;
};

export type Interpretation = {
  /** From which noise and small choices follow. */
  readonly seed: number;
  /** Quarters a minute, before anything expressive. */
  readonly tempo: number;
  readonly rules: Rules;
  /** How far the beat itself wanders within phrases: standard deviation of its logarithm. */
  readonly rubato: number;
  /** By how much the melody comes before its accompaniment, milliseconds, 10–30; and how much louder it is, velocities, 6–10. */
  readonly leadMs: number;
  readonly melodyLouder: number;
  /** Velocity of a plain note; and where the piece culminates, 0–1, by so many decibels. */
  readonly velocity: number;
  readonly climax: number;
  readonly climaxDb: number;
  /** Loudness of each phrase against the whole, decibels. */
  readonly phrasesDb: readonly number[];
  /** Least and most between two changes of the pedal, milliseconds. */
  readonly pedalMs: readonly [least: number, most: number];
};

/** Strikes a second at which music of this kind moves easily. */
const PACE = [3.2, 4.8] as const;
/** People hear a beat near this one where several fit (Parncutt 1994), milliseconds. */
const PREFERRED_BEAT_MS = 620;
/** Beats a minute, from Largo to Presto. */
const SLOWEST = 42;
const FASTEST = 152;
/** An echo is softer, a return to the opening a little louder; decibels. */
const ECHO_DB = -2.5;
const RETURN_DB = 1;
const PHRASE_SPREAD_DB = 1.5;

/** @param seed of the day; any safe integer */
export function interpret(score: Score, phrases: readonly Phrase[], seed: number): Interpretation {
  const random = seededRandom(seed);
  const between = (low: number, high: number) => round(low + random() * (high - low));
  const tempo = baseTempo(score, between(...PACE));
  return {
    seed,
    tempo,
    rules: {
      phraseArch: between(0.9, 1.5),
      halfPhraseArch: between(0.5, 0.9),
      durationContrast: between(0.7, 1.3),
      doubleDuration: between(0.3, 0.8),
      melodicCharge: between(0.8, 1.4),
      harmonicCharge: between(0.6, 1.1),
      highLoud: between(0.7, 1.1),
      fasterUphill: between(0.7, 1.3),
      punctuation: between(0.8, 1.3),
      metricalAccent: between(0.7, 1.2),
      finalRitard: between(0.8, 1.1),
      noise: between(0.9, 1.2),
    },
    rubato: between(0.07, 0.1),
    leadMs: between(14, 24),
    melodyLouder: between(7, 10),
    velocity: between(52, 60),
    climax: between(0.58, 0.78),
    climaxDb: between(3, 5),
    phrasesDb: phrases.map(({ recalls, cadence }, i) => {
      const fresh = between(-PHRASE_SPREAD_DB, PHRASE_SPREAD_DB);
      if (i === 0) return 0;
      if (recalls === 1) return round(fresh / 2 + ECHO_DB);
      if (recalls > 1) return round(fresh / 2 + RETURN_DB);
      return cadence === 'final' ? round(fresh - 1) : fresh;
    }),
    pedalMs: [700, 2600],
  };
}

/** Quarters a minute: between the beat that people prefer and the pace at which the notes move easily. */
function baseTempo({ bars, notes }: Score, pace: number): number {
  const strikes = new Set(notes.map(({ onset }) => onset)).size;
  const last = bars.at(-1)!;
  const beat = beatOf(bars[0]!.metre);
  const beats = (last.start + last.length) / beat;
  const easy = (60 * pace) / Math.max(0.5, strikes / beats);
  const preferred = 60_000 / PREFERRED_BEAT_MS;
  const perMinute = Math.min(FASTEST, Math.max(SLOWEST, easy ** 0.65 * preferred ** 0.35));
  return round((perMinute * beat) / STEPS_PER_QUARTER);
}

const round = (value: number): number => Math.round(value * 1000) / 1000;
