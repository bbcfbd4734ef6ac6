/**
 * How a score is played on a day: one tempo, and how much of each rule. Plain JSON, kept with the performance; the same
 * score and interpretation give the same notes. An amount of 1 is what the rule's authors publish.
 */
import { seededRandom } from '../random.ts';
import { FARTHEST_RECALL, type Phrase } from '../score/phrases.ts';
import { beatOf, type Score, STEPS_PER_QUARTER } from '../score/score.ts';

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
  /** How often the left hand comes before the right one on a beat, and how often a held chord is broken; 0–1. */
  readonly handsApart: number;
  readonly chordsBroken: number;
  /** Velocity of a plain note; and where the piece culminates, 0–1, by so many decibels. */
  readonly velocity: number;
  readonly climax: number;
  readonly climaxDb: number;
  /** Loudness of each phrase against the whole, decibels; and its speed, a factor. */
  readonly phrasesDb: readonly number[];
  readonly phrasesSpeed: readonly number[];
  /** How long it breathes after a phrase that has come to rest, milliseconds. */
  readonly breathMs: number;
  /** Least and most between two changes of the pedal, milliseconds. */
  readonly pedalMs: readonly [least: number, most: number];
};

/** Strikes a second at which music of this kind moves easily. */
const PACE = [3, 4.4] as const;
/** People hear a beat near this one where several fit (Parncutt 1994), milliseconds. */
const PREFERRED_BEAT_MS = 620;
/** Beats a minute, from Largo to Presto. */
const SLOWEST = 42;
const FASTEST = 152;
/** An echo is softer, a return to the opening a little louder; decibels. */
const ECHO_DB = -2.5;
const RETURN_DB = 1;
const PHRASE_SPREAD_DB = 4;
const PHRASE_SPREAD_SPEED = 0.1;
/** Speed a decibel. */
const FASTER_LOUDER = 0.01;

/** @param seed of the day; any safe integer */
export function interpret(score: Score, phrases: readonly Phrase[], seed: number): Interpretation {
  const random = seededRandom(seed);
  const between = (low: number, high: number) => round(low + random() * (high - low));
  const tempo = baseTempo(score, between(...PACE));
  return {
    seed,
    tempo,
    rules: {
      phraseArch: between(1.3, 2),
      halfPhraseArch: between(0.9, 1.3),
      durationContrast: between(0.7, 1.3),
      doubleDuration: between(0.3, 0.8),
      melodicCharge: between(0.8, 1.4),
      harmonicCharge: between(0.6, 1.1),
      highLoud: between(0.7, 1.1),
      fasterUphill: between(0.7, 1.3),
      punctuation: between(0.8, 1.3),
      metricalAccent: between(0.7, 1.2),
      finalRitard: between(0.8, 1.1),
      noise: between(1.1, 1.5),
    },
    rubato: between(0.105, 0.135),
    leadMs: between(12, 22),
    melodyLouder: between(7, 10),
    handsApart: between(0.1, 0.25),
    chordsBroken: between(0.1, 0.25),
    velocity: between(46, 53),
    climax: between(0.58, 0.78),
    climaxDb: between(6, 9),
    ...phraseShades(phrases, between),
    breathMs: between(120, 320),
    pedalMs: [700, 2600],
  };
}

/**
 * Each phrase has a loudness and a speed of its own, louder ones a little faster. What recalls another keeps the speed
 * of that, softer when it comes at once, an echo, and louder when it returns later.
 */
function phraseShades(
  phrases: readonly Phrase[],
  between: (low: number, high: number) => number,
): Pick<Interpretation, 'phrasesDb' | 'phrasesSpeed'> {
  const phrasesDb: number[] = [];
  const phrasesSpeed: number[] = [];
  phrases.forEach(({ recalls }, i) => {
    const fresh = i === 0 ? 0 : between(-PHRASE_SPREAD_DB, PHRASE_SPREAD_DB);
    const own = between(1 - PHRASE_SPREAD_SPEED, 1 + PHRASE_SPREAD_SPEED) + FASTER_LOUDER * fresh;
    const back = recalls > FARTHEST_RECALL ? i : recalls;
    const recalled = back > 0 && back <= i ? i - back : null;
    phrasesDb.push(
      recalled === null ? fresh : round(phrasesDb[recalled]! + (back === 1 ? ECHO_DB : RETURN_DB)),
    );
    phrasesSpeed.push(round(recalled === null ? own : phrasesSpeed[recalled]! * (1 + (own - 1) / 4)));
  });
  return { phrasesDb, phrasesSpeed };
}

/** Quarters a minute: between the beat that people prefer and the pace at which the notes move easily. */
function baseTempo({ bars, notes }: Score, pace: number): number {
  const strikes = new Set(notes.map(({ onset }) => onset)).size;
  const last = bars.at(-1)!;
  const beat = beatOf(bars[0]!.metre);
  const beats = (last.start + last.length) / beat;
  const easy = (60 * pace) / Math.max(0.5, strikes / beats);
  const preferred = 60_000 / PREFERRED_BEAT_MS;
  const perMinute = Math.min(FASTEST, Math.max(SLOWEST, easy ** 0.75 * preferred ** 0.25));
  return round((perMinute * beat) / STEPS_PER_QUARTER);
}

const round = (value: number): number => Math.round(value * 1000) / 1000;
