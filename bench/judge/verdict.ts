/** The table of all sides, and how well they are told from one another. */
import { FIGURES } from './figures.ts';
import { type Judged, WHOLE } from './pieces.ts';
import { byPiece, type Told, told } from './told.ts';
import { TOUCH } from './touch.ts';

export type Side = { readonly name: string; readonly pieces: readonly Judged[] };
export type Cell = { readonly mean: number; readonly error: number };
export type Row = { readonly figure: string; readonly cells: readonly Cell[] };

/** Figures of passages, of touch, and of whole pieces (named `whole …`); a cell a side, standard errors by piece. */
export function rowsOf(sides: readonly Side[]): Row[] {
  const cells = (of: (piece: Judged) => readonly number[]) =>
    sides.map(({ pieces }) => byPiece(pieces.map(of)));
  return [
    ...FIGURES.map((figure) => ({ figure, cells: cells((p) => p.passages.map((own) => own[figure])) })),
    ...TOUCH.map((figure) => ({ figure, cells: cells((p) => p.touch.map((own) => own[figure])) })),
    ...WHOLE.map((figure) => ({ figure: `whole ${figure}`, cells: cells((p) => [p.whole[figure]]) })),
  ];
}

/** What is played: the judge's figures. */
export const toldByFigures = (a: readonly Judged[], b: readonly Judged[]): Told | null =>
  told(
    a.map(({ passages }) => passages.map((own) => FIGURES.map((figure) => own[figure]))),
    b.map(({ passages }) => passages.map((own) => FIGURES.map((figure) => own[figure]))),
  );

/** How it is played: time and loudness within passages. Harder than what was asked for, and told beside it. */
export const toldByTouch = (a: readonly Judged[], b: readonly Judged[]): Told | null =>
  told(
    a.map(({ touch }) => touch.map((own) => TOUCH.map((figure) => own[figure]))),
    b.map(({ touch }) => touch.map((own) => TOUCH.map((figure) => own[figure]))),
  );

/** The figures that tell most, with their weights. */
export const mostTelling = ({ weights }: Told, names: readonly string[], count = 5): string =>
  names
    .map((name, i) => [name, weights[i]!] as const)
    .sort((a, b) => Math.abs(b[1]) - Math.abs(a[1]))
    .slice(0, count)
    .map(([name, weight]) => `${name} ${weight.toFixed(2)}`)
    .join(', ');

/** Lines of text, a figure each. */
export function table(sides: readonly Side[], rows: readonly Row[]): string {
  const width = 17;
  const cell = ({ mean, error }: Cell) => {
    const digits = Math.abs(mean) < 10 ? 3 : 1;
    return (Number.isNaN(mean) ? '–' : `${mean.toFixed(digits)} ± ${error.toFixed(digits)}`).padStart(width);
  };
  const count = (of: (side: Side) => number) =>
    sides.map((side) => String(of(side)).padStart(width)).join('');
  return [
    `${''.padEnd(24)}${sides.map(({ name }) => name.slice(0, width - 2).padStart(width)).join('')}`,
    `${'pieces'.padEnd(24)}${count(({ pieces }) => pieces.length)}`,
    `${'passages of 40 s'.padEnd(24)}${count(({ pieces }) => pieces.flatMap((p) => p.passages).length)}`,
    ...rows.map(({ figure, cells }) => `${figure.padEnd(24)}${cells.map(cell).join('')}`),
  ].join('\n');
}
