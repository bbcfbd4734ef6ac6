/** A classifier of two kinds of rows, and how well numbers are told apart. */
import { deviation, mean } from '../../src/music/statistics.ts';

/** Of standardised rows: a logit above 0 speaks for the first kind. */
export type Classifier = {
  readonly means: readonly number[];
  readonly deviations: readonly number[];
  readonly weights: readonly number[];
  readonly bias: number;
};

const STEPS = 3000;
const RATE = 0.3;
/** Keeps the weights small: figures go together, and passages are few. */
const RIDGE = 0.01;

/**
 * Logistic regression by gradient descent; both classes weigh alike, however many there are of each.
 * @param first rows of figures, of the kind that a logit above 0 speaks for @param second rows of the other
 */
export function regression(
  first: readonly (readonly number[])[],
  second: readonly (readonly number[])[],
): Classifier {
  const all = [...first, ...second];
  const count = all[0]!.length;
  const column = (i: number) => all.map((row) => row[i]!);
  const means = Array.from({ length: count }, (_, i) => mean(column(i)));
  const deviations = Array.from({ length: count }, (_, i) => deviation(column(i)) || 1);
  const rows = all.map((row, r) => ({
    x: row.map((value, i) => (value - means[i]!) / deviations[i]!),
    y: r < first.length ? 1 : 0,
    weight: 0.5 / (r < first.length ? first.length : second.length),
  }));
  const weights = new Array<number>(count).fill(0);
  let bias = 0;
  for (let step = 0; step < STEPS; step++) {
    const slope = weights.map((weight) => RIDGE * weight);
    let biasSlope = 0;
    for (const { x, y, weight } of rows) {
      const logit = x.reduce((sum, value, i) => sum + value * weights[i]!, bias);
      const error = weight * (1 / (1 + Math.exp(-logit)) - y);
      x.forEach((value, i) => {
        slope[i]! += error * value;
      });
      biasSlope += error;
    }
    for (let i = 0; i < count; i++) weights[i]! -= RATE * slope[i]!;
    bias -= RATE * biasSlope;
  }
  return { means, deviations, weights, bias };
}

/** Chance that one of `higher` lies above one of `lower`; 0.5 where nothing tells them apart. */
export function auc(higher: readonly number[], lower: readonly number[]): number {
  const wins = higher.map((a) => mean(lower.map((b) => (a > b ? 1 : a === b ? 0.5 : 0))));
  return mean(wins);
}
