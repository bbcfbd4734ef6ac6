import { deviation, mean, quantile } from '../../src/music/statistics.ts';
import { type Metrics, metricsOf } from '../../src/music/taste/metrics.ts';
import { intervalsOf, sharedRuns } from '../../src/music/taste/repetition.ts';
import { overlappedArea } from './overlap.ts';
import type { Piece } from './pieces.ts';

export type Measured = Piece & {
  readonly metrics: Metrics;
  /** Longest run of intervals shared with any piece of the training, or any other reference. */
  readonly sharedRun: number | null;
  /** Share of the metrics that lie between the 5th and 95th percentile of the references; null without any. */
  readonly within: number | null;
};
export type Row = {
  readonly mean: number;
  readonly sd: number;
  readonly reference: {
    readonly mean: number;
    readonly sd: number;
    readonly p5: number;
    readonly p90: number;
    readonly p95: number;
    /** Area that the distributions of both sides have in common, 0 to 1. */
    readonly overlap: number;
  } | null;
  /** Share of the pieces that lie between the references' p5 and p95. */
  readonly within: number | null;
};

type Figures = Omit<Metrics, 'seconds'> & { readonly sharedRun: number };
/** The ends of recorded pieces and their lengths are not what a section is judged by. */
const figuresOf = ({ metrics: { seconds: _, ...figures }, sharedRun }: Measured): Figures => ({
  ...figures,
  sharedRun: sharedRun ?? 0,
});

/** @returns each piece measured, and a row a metric over all of them */
export function compare(
  pieces: readonly Piece[],
  references: readonly Piece[],
  /** What runs of intervals may be shared with; the references themselves where none is given. */
  training?: readonly Int16Array[],
): { pieces: Measured[]; references: Measured[]; rows: Record<string, Row> } {
  const voices = references.map(({ music }) => intervalsOf(music.notes));
  const measured = (piece: Piece, others: readonly Int16Array[]): Measured => {
    const longest = sharedRuns(intervalsOf(piece.music.notes));
    const sharedRun = others.length === 0 ? null : Math.max(...others.map(longest));
    return { ...piece, metrics: metricsOf(piece.music), sharedRun, within: null };
  };
  const human = references.map((piece, i) =>
    measured(piece, training ?? voices.filter((_, other) => other !== i)),
  );
  const own = pieces.map((piece) => measured(piece, training ?? voices));

  const rows: Record<string, Row> = {};
  const inside = own.map(() => 0);
  const names = own[0] ? (Object.keys(figuresOf(own[0])) as (keyof Figures)[]) : [];
  for (const name of names) {
    const values = own.map((piece) => figuresOf(piece)[name]);
    const theirs = human.map((piece) => figuresOf(piece)[name]);
    if (name === 'sharedRun' && theirs.length === 0) continue;
    const summary = { mean: mean(values), sd: deviation(values) };
    if (theirs.length === 0) {
      rows[name] = { ...summary, reference: null, within: null };
      continue;
    }
    const [p5, p95] = [quantile(theirs, 0.05), quantile(theirs, 0.95)];
    const fits = values.map((value) => value >= p5 && value <= p95);
    fits.forEach((fit, i) => {
      if (fit) inside[i]!++;
    });
    rows[name] = {
      ...summary,
      reference: {
        mean: mean(theirs),
        sd: deviation(theirs),
        p5,
        p90: quantile(theirs, 0.9),
        p95,
        overlap: overlappedArea(values, theirs),
      },
      within: fits.filter(Boolean).length / fits.length,
    };
  }
  const within = (i: number) => (human.length === 0 ? null : inside[i]! / names.length);
  return { pieces: own.map((piece, i) => ({ ...piece, within: within(i) })), references: human, rows };
}

/** Lines of text, one a metric. */
export function table(rows: Record<string, Row>): string {
  const number = (value: number) => (Math.abs(value) < 10 ? value.toFixed(3) : value.toFixed(1)).padStart(8);
  const head = `${'metric'.padEnd(24)}    mean      sd | reference mean, sd, p5, p95            within overlap`;
  const lines = Object.entries(rows).map(([name, row]) => {
    const { reference: r } = row;
    const theirs = r
      ? `${[r.mean, r.sd, r.p5, r.p95].map(number).join('')} ${`${Math.round(row.within! * 100)} %`.padStart(9)}${r.overlap.toFixed(2).padStart(8)}`
      : '';
    return `${name.padEnd(24)}${number(row.mean)}${number(row.sd)} | ${theirs}`;
  });
  return [head, ...lines].join('\n');
}
