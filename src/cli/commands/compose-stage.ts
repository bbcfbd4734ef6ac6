/** `compose --stage`: a stage composes by itself; it is asked to, and what it stores is waited for. */
import type { Clock, Performances, StoredPerformance } from '../../ports.ts';
import { dateIn } from '../../schedule/index.ts';
import { minutesText } from '../../words.ts';
import { openBackend } from '../place/place.ts';
import { CliError } from '../terminal/output.ts';
import { progressBar } from '../terminal/progress.ts';

/** Soon enough for who waits; a minute's worth of asking costs nothing that can be seen. */
const LOOK_EVERY_MS = 5_000;
/** An attempt of the function lasts a quarter of an hour at most, and is repeated a minute after it has failed. */
const AT_MOST_MS = 20 * 60_000;

export type StagePorts = {
  readonly performances: Pick<Performances, 'get'>;
  /** Asks the stage to compose that day; returns when it has been asked. */
  readonly ask: (date: string) => Promise<void>;
  readonly clock: Clock;
  /** Called each time that nothing was there yet, with the milliseconds waited and the most there will be. */
  readonly onWait: (waitedMs: number, atMostMs: number) => void;
};
export type OnStage = {
  readonly outcome: 'composed' | 'present';
  readonly performance: StoredPerformance;
};

/**
 * Has a day composed where it is not there yet: asked again, or by two at once, a stage composes it once, since only the first to store it does.
 * @throws where nothing was stored within twenty minutes; it may come yet
 */
export async function composeOnStage(
  date: string,
  { performances, ask, clock, onWait }: StagePorts,
): Promise<OnStage> {
  const before = await performances.get(date);
  if (before) return { outcome: 'present', performance: before };
  await ask(date);
  const askedAt = clock.now();
  for (;;) {
    const waitedMs = clock.now() - askedAt;
    if (waitedMs >= AT_MOST_MS) {
      const message = `${date} is not composed after ${minutesText(AT_MOST_MS)}; it may come yet, and by the hour it is tried again: see pianola logs --stage`;
      throw new CliError('fault', 'not_composed', message);
    }
    onWait(waitedMs, AT_MOST_MS);
    await clock.sleepUntil(clock.now() + LOOK_EVERY_MS);
    const performance = await performances.get(date);
    if (performance) return { outcome: 'composed', performance };
  }
}

/** What is given for this machine and cannot be said to a stage, which has its own. */
const OURS = [
  'seed',
  'minutes',
  'candidates',
  'prelude',
  'tokens',
  'deadline',
  'model',
  'out',
  'force',
] as const;

/** @param given the command's options; a day of the stage's own zone where none is named */
export async function runOnStage(
  given: { readonly stage: string; readonly data: string; readonly date?: string } & Readonly<
    Partial<Record<(typeof OURS)[number], unknown>>
  >,
): Promise<OnStage & { readonly date: string }> {
  const refused = OURS.filter((option) => given[option] !== undefined);
  if (refused.length > 0) {
    const named = refused.map((option) => `--${option}`).join(', ');
    throw new CliError('usage', 'usage', `a stage composes as it was deployed: leave out ${named}`);
  }
  const { performances, clock, timeZone, composeSoon } = await openBackend(given);
  if (!composeSoon) throw new Error(`${given.stage} is no stage`);
  const date = given.date ?? dateIn(timeZone, clock.now());
  const bar = progressBar(`Composing ${date} on stage ${given.stage}`);
  try {
    const onWait = (waitedMs: number, atMostMs: number) =>
      bar.update(waitedMs / atMostMs, `waited ${minutesText(waitedMs)} of ${minutesText(atMostMs)}`);
    return { date, ...(await composeOnStage(date, { performances, ask: composeSoon, clock, onWait })) };
  } finally {
    bar.done();
  }
}
