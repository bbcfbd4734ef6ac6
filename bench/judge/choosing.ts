/** Whether choosing among candidates makes the music better, by the judge, which the chooser does not know. */
import type { Judgement } from './judgement.ts';
import type { Cell } from './verdict.ts';

type Outcome = 'helps' | 'harms' | 'makes no difference';
export type Choosing = {
  readonly of: string;
  readonly one: Cell;
  readonly many: Cell;
  readonly outcome: Outcome;
};

/**
 * How hard composed music is to tell (an AUC nearer to one half is better), and what the chooser asks for, that music
 * comes home (more is better). A difference below its standard error, of the two as if they were independent, is none.
 * @param one of one candidate a phrase @param many of several
 */
export function choosing(one: Judgement, many: Judgement): Choosing[] {
  const compared: Choosing[] = [];
  const compare = (
    of: string,
    cellOf: (judgement: Judgement) => Cell | null,
    better: (mean: number) => number,
  ) => {
    const [a, b] = [cellOf(one), cellOf(many)];
    if (a && b)
      compared.push({ of, one: a, many: b, outcome: outcomeOf(better(b.mean) - better(a.mean), a, b) });
  };
  for (const name of ['composition', 'performance'] as const)
    compare(
      `AUC, ${name}`,
      ({ verdicts: { [name]: told } }) => told && { mean: told.auc, error: told.error },
      (auc) => -Math.abs(auc - 0.5),
    );
  for (const [side, of] of [
    ['scores, played', 'closes in its key, by its score'],
    ['performances', 'closes in its key, as performed'],
  ] as const)
    compare(
      of,
      ({ sides, rows }) => {
        const closes = rows.find(({ figure }) => figure === 'whole closesInItsKey')!;
        return closes.cells[sides.findIndex(({ name }) => name === side)] ?? null;
      },
      (mean) => mean,
    );
  return compared;
}

function outcomeOf(gain: number, a: Cell, b: Cell): Outcome {
  if (Math.abs(gain) <= Math.hypot(a.error, b.error)) return 'makes no difference';
  return gain > 0 ? 'helps' : 'harms';
}

/** @param counts of candidates a phrase */
export const choosingText = (compared: readonly Choosing[], [one, many]: readonly [number, number]): string =>
  compared
    .map(({ of, one: a, many: b, outcome }) => {
      const cell = ({ mean, error }: Cell) => `${mean.toFixed(3)} ± ${error.toFixed(3)}`;
      return `choosing among ${many} ${outcome}: ${of} ${cell(b)}, of ${one} ${cell(a)}`;
    })
    .join('\n');
