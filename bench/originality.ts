/**
 * `npm run originality -- --data model/data`: writes what is known of the training's music, model/intervals.bin and
 * model/originality.json, from the training's own shards; what counts as a quotation is measured on printed music that
 * is no part of it. It changes with the data alone, not with the weights. `--add FILE` keeps what another index knows:
 * for one's own pieces, that of the shipped network.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { seededRandom } from '../src/music/random.ts';
import { quantile } from '../src/music/statistics.ts';
import {
  buildIndex,
  type GramHash,
  hashOfGram,
  intervalsOf,
  longestKnownRun,
  readIndex,
  withBoth,
} from '../src/music/taste/originality.ts';
import { INDEX_FILE, ORIGINALITY_FILE } from '../src/sampling/originality-file.ts';
import { readPieces } from './originality/shards.ts';

const { values } = parseArgs({
  options: {
    data: { type: 'string', default: 'model/data' },
    out: { type: 'string', default: 'model' },
    add: { type: 'string' },
  },
});
/** Intervals a gram; hashes; 2^25 bits are 4 MB, nine for each gram of 3.7 million notes. */
const [GRAM, HASHES, LOG_BITS] = [12, 5, 25];
/** Nine in ten human phrases share no longer a run with the training. */
const HUMAN = 0.9;
/** Grams of the same intervals in random order, which are in no corpus. */
const TRIES = 200_000;

const training = (await readPieces(values.data, 'train')).map((phrases) => intervalsOf(phrases.flat()));
function* grams(): Generator<GramHash> {
  for (const intervals of training)
    for (let i = 0; i + GRAM <= intervals.length; i++) yield hashOfGram(intervals, i, GRAM);
}
const own = buildIndex(grams(), GRAM, HASHES, LOG_BITS);
const bytes = values.add ? withBoth(own, await readFile(values.add)) : own;
const index = readIndex(bytes);

const human = [...(await readPieces(values.data, 'valid')), ...(await readPieces(values.data, 'test'))];
const random = seededRandom(1);
const steps = human.flatMap((phrases) => [...intervalsOf(phrases.flat())]);
let mistaken = 0;
for (let i = 0; i < TRIES; i++) {
  const gram = Array.from({ length: GRAM }, () => steps[Math.floor(random() * steps.length)]!);
  if (index.has(hashOfGram(gram, 0, GRAM))) mistaken++;
}
const runs = human.flat().map((phrase) => longestKnownRun(intervalsOf(phrase), index));
const wholes = human.map((phrases) => longestKnownRun(intervalsOf(phrases.flat()), index));
const figuresOf = (list: readonly number[]) => ({
  count: list.length,
  median: quantile(list, 0.5),
  p90: quantile(list, HUMAN),
});
const originality = {
  schema: 1,
  longestRun: Math.ceil(quantile(runs, HUMAN)),
  figures: {
    gram: GRAM,
    pieces: training.length,
    grams: training.reduce((sum, { length }) => sum + Math.max(0, length - GRAM + 1), 0),
    falsePositives: mistaken / TRIES,
    humanPhrases: figuresOf(runs),
    humanPieces: figuresOf(wholes),
  },
};
await writeFile(join(values.out, INDEX_FILE), bytes);
await writeFile(join(values.out, ORIGINALITY_FILE), `${JSON.stringify(originality, null, 2)}\n`);
console.log(JSON.stringify(originality.figures));
