import type { Note } from '../note.ts';
import { cutAtRest, restsAtEnd } from '../plan/ending.ts';
import type { Sampled, SectionRequest } from '../plan/section.ts';
import { mean } from '../statistics.ts';
import { longestKnownRun, type NgramIndex } from './originality.ts';
import type { Ranges } from './ranges.ts';
import { intervalsOf } from './repetition.ts';
import { FEWEST_NOTES, traitsOf } from './traits.ts';

/** What candidates are judged by; measured on human music by bench/taste.ts. */
export type Taste = {
  /** Identifies all of this; two compositions with the same one and the same settings are the same. */
  readonly sha256: string;
  /** Human music's nats per note to the network of this sha256: level + slope · ln(notes a second). */
  readonly likelihood: { readonly modelSha256: string; readonly level: number; readonly slope: number };
  /** A logistic regression on the traits, each (value − mean) / deviation; above 0 means human. */
  readonly classifier: {
    readonly means: readonly number[];
    readonly deviations: readonly number[];
    readonly weights: readonly number[];
    readonly bias: number;
    /** Logit of human music in the middle: nothing is gained by sounding more human than that. */
    readonly usual: number;
  };
  /** Longest known run of nine in ten human passages; a section with a longer one is sampled again. */
  readonly longestRun: number;
  /** What whole movements are held to; see choose-movement.ts. */
  readonly ranges: Ranges;
  readonly index: NgramIndex;
};

/** Notes after a seam that tell whether it holds. */
const SEAM_NOTES = 16;
/** Notes before a section in which a run that it goes on with may begin. */
const BEFORE_NOTES = 32;

export type Judgement = {
  /** Mean nats per note, away from what human music at this pace has. */
  readonly surprise: number;
  /** Logit of being human, up to what is usual. */
  readonly human: number;
  /** Mean nats per note of the first notes. */
  readonly seam: number;
  /** Whether it comes to rest by itself near where it will be cut. */
  readonly rests: boolean;
  /** Longest run of intervals known from the training, the notes before the section included. */
  readonly knownRun: number;
};

export function judge(
  sampled: Sampled,
  { before, cutMs }: Pick<SectionRequest, 'before' | 'cutMs'>,
  modelSha256: string,
  taste: Taste,
): Judgement {
  const { notes, nats } = sampled;
  const { likelihood, index } = taste;
  const run = longestKnownRun(intervalsOf([...before.slice(-BEFORE_NOTES), ...notes]), index);
  if (notes.length < FEWEST_NOTES) return { surprise: 0, human: 0, seam: 0, rests: false, knownRun: run };
  const seconds = (notes.at(-1)!.onsetMs - notes[0]!.onsetMs) / 1000;
  const usual = likelihood.level + likelihood.slope * Math.log(notes.length / Math.max(1, seconds));
  return {
    // Another network's idea of what is usual says nothing.
    surprise: likelihood.modelSha256 === modelSha256 ? Math.abs(mean(nats) - usual) : 0,
    human: Math.min(taste.classifier.usual, logitOf(traitsOf(notes), taste.classifier)),
    seam: mean(nats.slice(0, SEAM_NOTES)),
    rests: cutMs !== undefined && rests(sampled, cutMs),
    knownRun: run,
  };
}

function rests({ notes, ended }: Sampled, cutMs: number): boolean {
  if (ended) return restsAtEnd(notes) === 'model';
  const fromMs = notes[0]!.onsetMs;
  const own: Note[] = notes.map((note) => ({ ...note, onsetMs: note.onsetMs - fromMs }));
  return cutAtRest(own, cutMs - fromMs).cadence === 'model';
}

export function logitOf(traits: readonly number[], classifier: Omit<Taste['classifier'], 'usual'>): number {
  const { means, deviations, weights, bias } = classifier;
  return traits.reduce((sum, value, i) => sum + (weights[i]! * (value - means[i]!)) / deviations[i]!, bias);
}

/**
 * The best of some candidates, by the sum of their ranks in each respect, so that no respect needs a weight. The
 * likeliest would be a loop; what human music has is in the middle. Quoting comes last, whatever else is good about it.
 * @returns its place; at least one judgement
 */
export function bestOf(judgements: readonly Judgement[], longestRun: number): number {
  const ranks = judgements.map(() => 0);
  for (const badness of [
    ({ surprise }: Judgement) => surprise,
    ({ human }: Judgement) => -human,
    ({ seam }: Judgement) => seam,
    (own: Judgement) => (own.rests ? 0 : 1),
  ]) {
    for (const [i, own] of judgements.entries()) {
      ranks[i]! += judgements.filter((other) => badness(other) < badness(own)).length;
    }
  }
  const original = ({ knownRun }: Judgement) => Math.max(0, knownRun - longestRun);
  let best = 0;
  for (const [i, own] of judgements.entries()) {
    const [a, b] = [original(own), original(judgements[best]!)];
    if (a < b || (a === b && ranks[i]! < ranks[best]!)) best = i;
  }
  return best;
}
