/** One judgement: composed music held against print that the same pianist plays, and against people. */
import { FIGURES } from './figures.ts';
import type { Judged } from './pieces.ts';
import { judgePerformed, judgePrinted, PERFORMED, PRINTED } from './read.ts';
import type { Told } from './told.ts';
import { TOUCH } from './touch.ts';
import { mostTelling, type Row, rowsOf, type Side, table, toldByFigures, toldByTouch } from './verdict.ts';

/** What nobody trained on. */
export type Held = {
  readonly printed: readonly Judged[];
  readonly rolls: readonly Judged[];
  readonly giant: readonly Judged[];
};

export type Judgement = {
  readonly sides: readonly Side[];
  readonly rows: readonly Row[];
  /** null: a side has too few pieces, or nothing was composed. */
  readonly verdicts: Readonly<Record<(typeof VERDICTS)[number], Told | null>>;
};

const VERDICTS = [
  'composition',
  'performance',
  'performance, touch',
  'printed, played, against people',
  'printed, played, against people, touch',
] as const;

/** @param printed pieces to play, in equal parts of each source @param seed of the pianist's interpretations */
export async function readHeld(
  corpus: string,
  {
    split,
    printed: count,
    seed,
  }: { readonly split: string; readonly printed: number; readonly seed: number },
): Promise<Held> {
  const each = Math.ceil(count / PRINTED.length);
  const printed: Judged[] = [];
  for (const source of PRINTED) printed.push(...(await judgePrinted(corpus, source, split, each, seed)));
  const [rolls, giant] = await Promise.all(PERFORMED.map((source) => judgePerformed(corpus, source, split)));
  return { printed, rolls: rolls!, giant: giant! };
}

/** Without scores the composition is judged by the performances, and the other way round. */
export function judgementOf(
  scores: readonly Judged[],
  performances: readonly Judged[],
  { printed, rolls, giant }: Held,
): Judgement {
  const people = [...rolls, ...giant];
  const sides = [
    { name: 'scores, played', pieces: scores },
    { name: 'performances', pieces: performances },
    { name: 'printed, played', pieces: printed },
    { name: 'rolls', pieces: rolls },
    { name: 'GiantMIDI', pieces: giant },
  ].filter(({ pieces }) => pieces.length > 0);
  const composed = scores.length > 0 ? scores : performances;
  const heard = performances.length > 0 ? performances : scores;
  return {
    sides,
    rows: rowsOf(sides),
    verdicts: {
      composition: toldByFigures(printed, composed),
      performance: toldByFigures(people, heard),
      'performance, touch': toldByTouch(people, heard),
      'printed, played, against people': toldByFigures(people, printed),
      'printed, played, against people, touch': toldByTouch(people, printed),
    },
  };
}

/** The table, and a line a verdict. */
export const textOf = ({ sides, rows, verdicts }: Judgement): string =>
  [
    table(sides, rows),
    ...VERDICTS.flatMap((name) => {
      const verdict = verdicts[name];
      if (!verdict) return [];
      const { auc, error } = verdict;
      const telling = mostTelling(verdict, name.endsWith('touch') ? TOUCH : FIGURES);
      return [`${name}: AUC ${auc.toFixed(3)} ± ${error.toFixed(3)}; ${telling}`];
    }),
  ].join('\n');

/** The same as one object, numbers to four places. */
export function jsonOf({ sides, rows, verdicts }: Judgement): Record<string, unknown> {
  const figures = rows.map(({ figure, cells }) => [
    figure,
    Object.fromEntries(cells.map((cell, i) => [sides[i]!.name, cell])),
  ]);
  const pieces = Object.fromEntries(sides.map(({ name, pieces: own }) => [name, own.map((p) => p.name)]));
  const whole = { pieces, figures: Object.fromEntries(figures), auc: verdicts };
  return JSON.parse(
    JSON.stringify(whole, (_, value) => (typeof value === 'number' ? Math.round(value * 1e4) / 1e4 : value)),
  );
}
