import { expect, test } from '@jest/globals';
import { choosing, choosingText } from '../../../bench/judge/choosing.ts';
import type { Judgement } from '../../../bench/judge/judgement.ts';
import type { Told } from '../../../bench/judge/told.ts';

/** A judgement of performances alone. */
const judged = (composition: number, performance: number, closes: number, error = 0.03): Judgement => {
  const told = (auc: number): Told => ({ auc, error, weights: [] });
  const none = { 'performance, touch': null };
  const people = { 'printed, played, against people': null, 'printed, played, against people, touch': null };
  return {
    sides: [
      { name: 'rolls', pieces: [] },
      { name: 'performances', pieces: [] },
    ],
    rows: [
      {
        figure: 'whole closesInItsKey',
        cells: [
          { mean: 0.5, error: 0 },
          { mean: closes, error: 0.04 },
        ],
      },
    ],
    verdicts: { composition: told(composition), performance: told(performance), ...none, ...people },
  };
};
const outcomes = (one: Judgement, many: Judgement) =>
  Object.fromEntries(choosing(one, many).map(({ of, outcome }) => [of, outcome]));

test.each([
  {
    holds:
      'choosing helps where music is harder to tell and comes home more often, by more than the standard error',
    one: judged(0.7, 0.8, 0.79),
    many: judged(0.65, 0.75, 0.89),
    outcome: ['helps', 'helps', 'helps'],
  },
  {
    holds: 'choosing harms where the judge tells the chosen ones more easily',
    one: judged(0.78, 0.8, 0.9),
    many: judged(0.85, 0.8, 0.8),
    outcome: ['harms', 'makes no difference', 'harms'],
  },
  {
    holds: 'a difference below its standard error is none: that of both together, not of one',
    one: judged(0.7, 0.7, 0.8),
    many: judged(0.66, 0.65, 0.85),
    outcome: ['makes no difference', 'helps', 'makes no difference'],
  },
  {
    holds: 'below one half music is told the wrong way round, which is told as well',
    one: judged(0.45, 0.5, 0.8),
    many: judged(0.55, 0.4, 0.8),
    outcome: ['makes no difference', 'harms', 'makes no difference'],
  },
])('$holds', ({ one, many, outcome: [composition, performance, closes] }) => {
  expect(outcomes(one, many)).toEqual({
    'AUC, composition': composition,
    'AUC, performance': performance,
    'closes in its key, as performed': closes,
  });
});

test('what nobody told, for too few pieces, is not compared; a line says the rest', () => {
  const [one, many] = [judged(0.7, 0.8, 0.79), judged(0.65, 0.75, 0.89)];
  const few = { ...one, verdicts: { ...one.verdicts, composition: null } };
  expect(choosingText(choosing(few, many), [1, 8])).toBe(
    [
      'choosing among 8 helps: AUC, performance 0.750 ± 0.030, of 1 0.800 ± 0.030',
      'choosing among 8 helps: closes in its key, as performed 0.890 ± 0.040, of 1 0.790 ± 0.040',
    ].join('\n'),
  );
});
