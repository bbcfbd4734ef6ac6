/** How much can be composed before a deadline: tokens, and how they are shared out among phrases and candidates. */
import { type MovementPlan, planProgramme } from '../music/plan/programme.ts';
import { seededRandom } from '../music/random.ts';
import { barLength, STEPS_PER_QUARTER } from '../music/score/score.ts';
import { phraseMark } from '../music/tokens/encode.ts';
import {
  METRE,
  NO_LENGTH,
  NO_MOTIF,
  NO_PITCH,
  REGISTER,
  SOURCE,
  TEXTURE,
} from '../music/tokens/vocabulary.ts';
import type { Clock } from '../ports.ts';
import type { PhraseRequest } from './sample-phrase.ts';
import type { Sampler } from './sampler.ts';
import type { Theme } from './week-theme.ts';

/** Three tokens a note, and what candidates write beyond what is expected. */
const TOKENS_A_NOTE = 3.3;
/** The speed is measured on a short passage: memory that fills, and is taken in anew, slows sampling down. */
const SAFE_PART = 0.7;
/** Less music than this is no performance. */
const SHORTEST_MINUTES = 0.25;
/** Time kept back before a deadline to play, write and store the piece; milliseconds. */
const RESERVE_MS = 2_000;

/** There was too little time for any music. */
export class DeadlineError extends Error {
  readonly code = 'deadline';
  constructor() {
    super('the deadline leaves no time for music: give more time, or ask for fewer minutes');
  }
}

/** When the last note must have been sampled, epoch milliseconds. @throws DeadlineError where that is over */
export function sampledBy(deadline: number, clock: Pick<Clock, 'now'>): number {
  if (clock.now() >= deadline - RESERVE_MS) throw new DeadlineError();
  return deadline - RESERVE_MS;
}

/** What is sampled for a phrase by one candidate, on average. */
const tokensForPhrase = (
  { character }: MovementPlan,
  { bars, fullness }: MovementPlan['phrases'][number],
): number =>
  ((bars * barLength(character.metre)) / STEPS_PER_QUARTER) *
  character.notesPerQuarter *
  fullness *
  TOKENS_A_NOTE;

const tokensForAll = (plans: readonly MovementPlan[]): number =>
  plans.reduce(
    (sum, plan) => sum + plan.phrases.reduce((own, phrase) => own + tokensForPhrase(plan, phrase), 0),
    0,
  );

/** The same from one phrase of the first of these movements on. */
export const tokensFrom = (
  phrase: MovementPlan['phrases'][number],
  [plan, ...others]: readonly MovementPlan[],
): number =>
  tokensForAll([{ ...plan!, phrases: plan!.phrases.slice(plan!.phrases.indexOf(phrase)) }, ...others]);

/**
 * The programme that tokens suffice for: as long as asked for, or shorter where not even one candidate a phrase can be
 * had. @param tokens may be infinite @throws DeadlineError
 */
export function programmeWithin(
  tokens: number,
  {
    minutes,
    seed,
    preludeMinutes = 0,
  }: { readonly minutes: number; readonly seed: number; readonly preludeMinutes?: number },
  theme: Theme | null,
) {
  for (let planned = minutes; planned >= Math.min(SHORTEST_MINUTES, minutes); ) {
    const random = seededRandom(seed);
    const plans = planProgramme(planned, random, theme, preludeMinutes);
    const needed = tokensForAll(plans);
    if (needed <= tokens) return { plans, minutes: planned, random };
    planned *= Math.min(0.95, tokens / needed);
  }
  throw new DeadlineError();
}

/** Shares tokens out among the phrases: as many candidates for each as leave enough for what comes. */
export function candidatesWithin(tokens: number, most: number) {
  let left = tokens;
  return {
    /** @param ahead tokens of one candidate from here to the end of the programme */
    count: (ahead: number): number => Math.min(most, Math.max(1, Math.floor(left / ahead))),
    spend(spent: number) {
      left -= spent;
    },
  };
}

/** A phrase from nothing, to measure speed with. */
export const PASSAGE: PhraseRequest = {
  tokens: [
    ...[SOURCE, METRE + 2, TEXTURE, REGISTER + 4, NO_MOTIF, NO_LENGTH],
    ...phraseMark({ bars: 8, key: { tonic: 0, major: true }, cadence: 'full', recalls: 0 }, 32, 5),
    ...[METRE + 2, NO_PITCH, NO_LENGTH],
  ],
  bars: 8,
  metre: { beats: 4, unit: 4 },
  texture: 'solo',
};

/**
 * How many tokens can be sampled until an instant, by the speed of a phrase sampled alone. Several at once are more
 * tokens a second in all: this errs on the safe side, since nobody knows yet how many candidates there will be.
 * @param until epoch milliseconds @returns a whole number, or infinity where no time passes
 */
export async function tokensUntil(
  until: number,
  sampler: Sampler,
  clock: Pick<Clock, 'now'>,
): Promise<number> {
  const startedAt = clock.now();
  const { tokens } = await sampler.sample(PASSAGE, 0);
  const now = clock.now();
  const perMs = tokens.length / (now - startedAt);
  return Math.floor(Math.max(0, until - now) * perMs * SAFE_PART);
}
