import { askedOf } from './judge/asked.ts';
import { jsonOf, judgementOf, readHeld, textOf } from './judge/judgement.ts';
import { judgeMidi, judgeScores } from './judge/read.ts';

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
const scores = await judgeScores(asked.scores, seed);
const performances = await judgeMidi(asked.midi);
const held = await readHeld(corpus, asked);
// Without them the verdict would be of something else than was asked, or of nothing.
const missing = [
  ...(asked.scores.length > 0 && scores.length === 0 ? [`no score in ${asked.scores.join(', ')}`] : []),
  ...(asked.midi.length > 0 && performances.length === 0 ? [`no music in ${asked.midi.join(', ')}`] : []),
  ...(Object.values(held).every(({ length }) => length === 0)
    ? [`no piece of ${corpus} in the split ${split}`]
    : []),
];
if (missing.length > 0) {
  console.error(missing.join('\n'));
  process.exit(2);
}

const judgement = judgementOf(scores, performances, held);
console.log(textOf(judgement));
if (asked.json) console.log(JSON.stringify({ split, seed, ...jsonOf(judgement) }));
