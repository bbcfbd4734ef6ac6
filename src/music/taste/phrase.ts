/**
 * What makes one candidate of a phrase better than another: whether it does what the form asks. It rests where and how
 * it should, keeps to its key and is at home in it, recalls what it should and nothing else, takes up its own idea, turns
 * back from its leaps, goes somewhere, is about as full as planned, and the network finds it neither odd nor all too
 * likely. Enough is enough: what keeps to its key altogether, or copies what it should recall, gains nothing by it, or
 * choosing would make the music dull. The judge of bench/judge looks at none of this.
 */
import { type Cadence, cadenceOf, likenessOf, type Phrase } from '../score/phrases.ts';
import type { ScoreNote } from '../score/score.ts';
import { atHome, singable, takesUpItsIdea } from './idea.ts';
import { bassGoesOn, saidAgain, sings } from './motion.ts';
import { intervalsOf, longestKnownRun, type Originality } from './originality.ts';

export type PhraseJudgement = {
  readonly score: number;
  readonly cadence: Cadence;
  /** 0–1, likeness to what it should recall; null where it recalls nothing. */
  readonly likeness: number | null;
  /** Part of the notes' length that lies in the scale of the key. */
  readonly inKey: number;
  /** Mean nats a note. */
  readonly nats: number;
  /** Longest run of intervals that is known from the training; null where nobody looked. */
  readonly knownRun: number | null;
};

/**
 * How far from the nats of printed music is far. Sampling leans to what is likely, and what is likely again and again is
 * dull: without this the candidate that repeats itself would win.
 */
const SPREAD_NATS = 0.8;
/** A recall is recognised at this likeness; it gains nothing by being more alike, and loses where it is a copy. */
const RECOGNISED = 0.45;
const A_COPY = 0.9;
/** Likeness to the phrase before from which a phrase that should be new is none. */
const TOO_ALIKE = 0.7;
/** Part in the scale that is enough: what lies outside is colour. */
const ENOUGH_IN_KEY = 0.9;
/** So much more of the tonic chord than of its neighbours' is home; and as much less is not. */
const HOME = 0.25;
/** Where a movement opens and closes its key is heard: there home counts so many times as much. */
const HOME_AT_THE_EDGES = 2;
/** Bars that are so alike take up one idea; it gains nothing by their being the same. */
const ONE_IDEA = 0.75;
/** A bass that goes on over two bar lines of three is no pedal point. */
const NO_PEDAL_POINT = 0.66;
/** Notes beyond what is planned, or short of it, by this factor are no matter. */
const FULL_ENOUGH = 1.35;
/** Scale degrees; the minor has both sevenths, and the raised sixth. */
const MAJOR = [0, 2, 4, 5, 7, 9, 11];
const MINOR = [0, 2, 3, 5, 7, 8, 9, 10, 11];
const WEIGHTS = {
  cadence: 1.5,
  final: 2,
  likeness: 1.5,
  copied: 1,
  inKey: 4,
  home: 1,
  idea: 1,
  singable: 2,
  sings: 1.5,
  bass: 1,
  again: 1.5,
  fullness: 0.7,
  nats: 0.8,
  rest: 0.5,
  quoted: 10,
};

export function judgePhrase(
  sampled: { readonly nats: readonly number[] },
  asked: {
    readonly phrase: Pick<Phrase, 'bars' | 'key' | 'cadence' | 'recalls'>;
    /** Whether it is of the first or the last period of its movement. */
    readonly atTheEdge: boolean;
    readonly notesExpected: number;
    /** From the phrase's own start. */
    readonly notes: readonly ScoreNote[];
    readonly barLength: number;
    /** Notes of the phrase to be recalled, from its own start. */
    readonly recalled?: readonly ScoreNote[];
    /** Of the phrase before. */
    readonly before: readonly ScoreNote[];
    /** Mean nats a note that printed music has for the network. */
    readonly usualNats: number;
    readonly originality: Originality | null;
  },
): PhraseJudgement {
  const { phrase, notes, barLength } = asked;
  const lastBar = notes.filter(({ onset }) => onset >= (phrase.bars - 1) * barLength);
  const cadence = cadenceOf(lastBar, phrase.key);
  const total = notes.reduce((sum, { length }) => sum + length, 0);
  const scale = phrase.key.major ? MAJOR : MINOR;
  const inScale = notes.filter(({ pitch }) => scale.includes((pitch - phrase.key.tonic + 120) % 12));
  const inKey = total === 0 ? 0 : inScale.reduce((sum, { length }) => sum + length, 0) / total;
  const nats = sampled.nats.reduce((sum, n) => sum + n, 0) / Math.max(1, sampled.nats.length);
  const likeness = asked.recalled ? likenessOf(notes, asked.recalled) : null;
  const wanted = phrase.cadence === 'final' ? 'full' : phrase.cadence;
  // A phrase that rests has fewer notes at its end than elsewhere.
  const rests = lastBar.length <= notes.length / phrase.bars ? 1 : 0;
  const { originality } = asked;
  const knownRun = originality && longestKnownRun(intervalsOf(notes), originality.index);
  const quoted = originality !== null && (knownRun ?? 0) > originality.longestRun;
  const off = Math.abs(Math.log((notes.length + 1) / (asked.notesExpected + 1)));
  const copied = likeness === null ? likenessOf(notes, asked.before) > TOO_ALIKE : likeness > A_COPY;
  const home = WEIGHTS.home * (asked.atTheEdge ? HOME_AT_THE_EDGES : 1);
  const score =
    (cadence === wanted ? (phrase.cadence === 'final' ? WEIGHTS.final : WEIGHTS.cadence) : 0) +
    (WEIGHTS.likeness * Math.min(RECOGNISED, likeness ?? 0)) / RECOGNISED -
    WEIGHTS.copied * Number(copied) +
    WEIGHTS.inKey * Math.min(ENOUGH_IN_KEY, inKey) +
    (home * Math.min(HOME, Math.max(-HOME, atHome(notes, phrase.key)))) / HOME +
    (WEIGHTS.idea * Math.min(ONE_IDEA, takesUpItsIdea(notes, phrase.bars, barLength))) / ONE_IDEA +
    WEIGHTS.singable * singable(notes) +
    WEIGHTS.sings * sings(notes, phrase.bars, barLength) +
    (WEIGHTS.bass * Math.min(NO_PEDAL_POINT, bassGoesOn(notes, phrase.bars, barLength))) / NO_PEDAL_POINT -
    WEIGHTS.again * saidAgain(notes, asked.before, phrase.bars, barLength) -
    WEIGHTS.fullness * Math.max(0, off - Math.log(FULL_ENOUGH)) -
    (WEIGHTS.nats * Math.abs(nats - asked.usualNats)) / SPREAD_NATS +
    WEIGHTS.rest * rests -
    (quoted ? WEIGHTS.quoted : 0);
  return { score, cadence, likeness, inKey, nats, knownRun };
}
