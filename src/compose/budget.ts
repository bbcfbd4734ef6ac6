import { type MovementPlan, planProgramme } from '../music/plan/programme.ts';
import { passage } from '../music/plan/section.ts';
import { seededRandom } from '../music/random.ts';
import type { Clock } from '../ports.ts';
import type { Sampler } from './sampler.ts';

/** Three tokens a note, and what is sampled beyond a section's end and cut away. */
const TOKENS_A_NOTE = 3.3;
/** The speed is measured on a short passage: memory that fills, and is taken in anew, slows sampling down. */
const SAFE_PART = 0.8;
/** Less music than this is no performance. */
const SHORTEST_MINUTES = 0.25;
/** Time kept back before a deadline to end the piece, write and store it; milliseconds. */
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

/** What is sampled for music of one candidate, on average. */
export const tokensFor = (lengthMs: number, notesPerSecond: number): number =>
  (lengthMs / 1000) * notesPerSecond * TOKENS_A_NOTE;

const tokensForAll = (plans: readonly MovementPlan[]): number =>
  plans.reduce((sum, { lengthMs, notesPerSecond }) => sum + tokensFor(lengthMs, notesPerSecond), 0);

/**
 * The programme that tokens suffice for: as long as asked for, or shorter where not even one candidate a section can
 * be had. @param tokens may be infinite @throws DeadlineError
 */
export function programmeWithin(tokens: number, minutes: number, seed: number) {
  for (let planned = minutes; planned >= Math.min(SHORTEST_MINUTES, minutes); ) {
    const random = seededRandom(seed);
    const plans = planProgramme(planned, random);
    const needed = tokensForAll(plans);
    if (needed <= tokens) return { plans, minutes: planned, random };
    planned *= Math.min(0.95, tokens / needed);
  }
  throw new DeadlineError();
}

/** Shares tokens out among the sections: as many candidates for each as leave enough for what comes. */
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

const CONTROLS = { style: 'stanford-piano-rolls', loudness: 3, density: 5, register: 4 } as const;
const PASSAGE = passage(CONTROLS, 12, 4_000, 120_000);

/**
 * How many tokens can be sampled until an instant, by the speed of a short passage sampled alone. Several at once are
 * more tokens a second in all: this errs on the safe side, since nobody knows yet how many candidates there will be.
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
  const perMs = tokens / (now - startedAt);
  return Math.floor(Math.max(0, until - now) * perMs * SAFE_PART);
}
