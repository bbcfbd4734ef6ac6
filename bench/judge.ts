import { askedOf } from './judge/asked.ts';
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

const asked = await askedOf(process.argv.slice(2)).catch((error: Error) => ({ problem: error.message }));
if (asked === null || 'problem' in asked) {
  console.error(asked === null ? USAGE : `${asked.problem}\n\n${USAGE}`);
  process.exit(asked === null ? 0 : 2);
}
const { corpus, split, seed } = asked;
const each = Math.ceil(asked.printed / PRINTED.length);

const scores = await judgeScores(asked.scores, seed);
const performances = await judgeMidi(asked.midi);
const printed: Judged[] = [];
for (const source of PRINTED) printed.push(...(await judgePrinted(corpus, source, split, each, seed)));
const [rolls, giant] = await Promise.all(PERFORMED.map((source) => judgePerformed(corpus, source, split)));
const people = [...rolls!, ...giant!];
// Without them the verdict would be of something else than was asked, or of nothing.
const missing = [
  ...(asked.scores.length > 0 && scores.length === 0 ? [`no score in ${asked.scores.join(', ')}`] : []),
  ...(asked.midi.length > 0 && performances.length === 0 ? [`no music in ${asked.midi.join(', ')}`] : []),
  ...(printed.length + people.length === 0 ? [`no piece of ${corpus} in the split ${split}`] : []),
];
if (missing.length > 0) {
  console.error(missing.join('\n'));
  process.exit(2);
}

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
if (asked.json) {
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
