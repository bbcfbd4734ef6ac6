/** How well one side's passages are told from the other's by a classifier that has seen neither piece. */
import { seededRandom } from '../../src/music/random.ts';
import { deviation, mean } from '../../src/music/statistics.ts';
import { auc, regression } from './logistic.ts';

const FOLDS = 5;
const BOOTSTRAPS = 200;

/** A piece is rows of figures, a row a passage. */
type Piece = readonly (readonly number[])[];
export type Told = {
  /** 0.5: not at all; 1: always. */
  readonly auc: number;
  /** Standard error when the pieces are drawn anew. */
  readonly error: number;
  /** Weight of each figure, standardised, of the classifier of all pieces; above 0 speaks for the first side. */
  readonly weights: readonly number[];
};

/** Logistic regression, five folds by piece. @returns null where a side has fewer pieces than folds */
export function told(first: readonly Piece[], second: readonly Piece[]): Told | null {
  const [a, b] = [first, second].map((pieces) => pieces.filter(({ length }) => length > 0));
  if (a!.length < FOLDS || b!.length < FOLDS) return null;
  const scores = { a: a!.map(() => [] as number[]), b: b!.map(() => [] as number[]) };
  for (let fold = 0; fold < FOLDS; fold++) {
    const others = (pieces: readonly Piece[]) => pieces.filter((_, i) => i % FOLDS !== fold).flat();
    const { means, deviations, weights, bias } = regression(others(a!), others(b!));
    const score = (row: readonly number[]) =>
      row.reduce((sum, value, i) => sum + weights[i]! * ((value - means[i]!) / deviations[i]!), bias);
    a!.forEach((piece, i) => {
      if (i % FOLDS === fold) scores.a[i] = piece.map(score);
    });
    b!.forEach((piece, i) => {
      if (i % FOLDS === fold) scores.b[i] = piece.map(score);
    });
  }
  const random = seededRandom(1);
  const drawn = (pieces: readonly number[][]) =>
    pieces.flatMap(() => pieces[Math.floor(random() * pieces.length)]!);
  const again = Array.from({ length: BOOTSTRAPS }, () => auc(drawn(scores.a), drawn(scores.b)));
  return {
    auc: auc(scores.a.flat(), scores.b.flat()),
    error: deviation(again),
    weights: regression(a!.flat(), b!.flat()).weights,
  };
}

/** Mean over pieces, each weighing alike, and its standard error; NaN without pieces. */
export function byPiece(pieces: readonly (readonly number[])[]): { mean: number; error: number } {
  const means = pieces.filter(({ length }) => length > 0).map(mean);
  if (means.length === 0) return { mean: Number.NaN, error: Number.NaN };
  return { mean: mean(means), error: deviation(means) / Math.sqrt(Math.max(1, means.length - 1)) };
}
