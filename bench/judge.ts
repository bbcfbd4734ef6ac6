import { parseArgs } from 'node:util';
import { FIGURES } from './judge/figures.ts';
import type { Judged } from './judge/pieces.ts';
import { judgeMidi, judgePerformed, judgePrinted, judgeScores, PERFORMED, PRINTED } from './judge/read.ts';
import type { Told } from './judge/told.ts';
import { TOUCH } from './judge/touch.ts';
import { mostTelling, rowsOf, type Side, table, toldByFigures, toldByTouch } from './judge/verdict.ts';

const USAGE = `npm run judge -- [--scores DIR …] [--midi DIR …] --corpus DIR [options]
The judge that nobody optimises: passages of 40 s at comparable pace, figures that neither composing nor choosing knows.
Composition: composed scores against printed ones that the same pianist plays. Performance: against rolls and GiantMIDI.
Without --scores and --midi it judges the pianist alone: printed music, played by it, against people.
  --scores DIR    composed scores, MIDI on a grid or JSON ({bars, notes}); our pianist plays them
  --midi DIR      composed performances, as MIDI; with them alone the composition is judged by these
  --corpus DIR    the corpus: its split says what nobody trained on
  --split NAME    test
  --printed 40    printed pieces to play, in equal parts of each source
  --seed 1        of the pianist's interpretations
  --json          print one JSON object as the last line`;

const { values } = parseArgs({
  options: {
    scores: { type: 'string', multiple: true, default: [] },
    midi: { type: 'string', multiple: true, default: [] },
    corpus: { type: 'string' },
    split: { type: 'string', default: 'test' },
    printed: { type: 'string', default: '40' },
    seed: { type: 'string', default: '1' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
if (values.help || !values.corpus) {
  console.error(USAGE);
  process.exit(values.help ? 0 : 2);
}
const { corpus, split } = values;
const seed = Number(values.seed);
const each = Math.ceil(Number(values.printed) / PRINTED.length);

const scores = await judgeScores(values.scores, seed);
const performances = await judgeMidi(values.midi);
const printed: Judged[] = [];
for (const source of PRINTED) printed.push(...(await judgePrinted(corpus, source, split, each, seed)));
const [rolls, giant] = await Promise.all(PERFORMED.map((source) => judgePerformed(corpus, source, split)));
const people = [...rolls!, ...giant!];

const sides: Side[] = [
  { name: 'scores, played', pieces: scores },
  { name: 'performances', pieces: performances },
  { name: 'printed, played', pieces: printed },
  { name: 'rolls', pieces: rolls! },
  { name: 'GiantMIDI', pieces: giant! },
].filter(({ pieces }) => pieces.length > 0);
const rows = rowsOf(sides);
console.log(table(sides, rows));

const composed = scores.length > 0 ? scores : performances;
const heard = performances.length > 0 ? performances : scores;
const verdicts: Record<string, Told | null> = {
  composition: toldByFigures(printed, composed),
  performance: toldByFigures(people, heard),
  'performance, touch': toldByTouch(people, heard),
  'printed, played, against people': toldByFigures(people, printed),
  'printed, played, against people, touch': toldByTouch(people, printed),
};
for (const [name, verdict] of Object.entries(verdicts)) {
  if (!verdict) continue;
  const names = name.endsWith('touch') ? TOUCH : FIGURES;
  console.log(
    `${name}: AUC ${verdict.auc.toFixed(3)} ± ${verdict.error.toFixed(3)}; ${mostTelling(verdict, names)}`,
  );
}
if (values.json) {
  const rounded = (value: unknown) => (typeof value === 'number' ? Math.round(value * 1e4) / 1e4 : value);
  const figures = rows.map(({ figure, cells }) => [
    figure,
    Object.fromEntries(cells.map((cell, i) => [sides[i]!.name, cell])),
  ]);
  const pieces = Object.fromEntries(sides.map(({ name, pieces: own }) => [name, own.map((p) => p.name)]));
  console.log(
    JSON.stringify({ split, seed, pieces, figures: Object.fromEntries(figures), auc: verdicts }, (_, value) =>
      rounded(value),
    ),
  );
}
