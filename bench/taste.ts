import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Note } from '../src/music/note.ts';
import { passage } from '../src/music/plan/section.ts';
import { seededRandom } from '../src/music/random.ts';
import { mean, quantile } from '../src/music/statistics.ts';
import { metricsOf } from '../src/music/taste/metrics.ts';
import {
  buildIndex,
  type GramHash,
  hashOfGram,
  longestKnownRun,
  readIndex,
} from '../src/music/taste/originality.ts';
import { RANGED, type Ranges } from '../src/music/taste/ranges.ts';
import { intervalsOf } from '../src/music/taste/repetition.ts';
import { logitOf } from '../src/music/taste/taste.ts';
import { FEWEST_NOTES, TRAITS, traitsOf } from '../src/music/taste/traits.ts';
import { natsOf } from '../src/music/tokens/likelihood.ts';
import {
  decode,
  densityLevel,
  encodePrefix,
  NO_PITCH,
  registerLevel,
} from '../src/music/tokens/vocabulary.ts';
import type { Model } from '../src/ports.ts';
import { openModel } from '../src/sampling/onnx.ts';
import { openSamplers } from '../src/sampling/pool.ts';
import { INDEX_FILE, TASTE_FILE } from '../src/sampling/taste-file.ts';
import { intervalsOfPiece, readShard, type Split, trainingIntervals } from './corpus/shards.ts';
import { auc, line, regression } from './taste/logistic.ts';
import { type Passage, passagesOf } from './taste/passages.ts';

/**
 * `npm run taste`: measures what candidates are judged by (src/music/taste/taste.ts) and writes model/taste.json and
 * model/intervals.bin. To be run again for other weights; the index changes with the training data alone.
 */
const { values } = parseArgs({
  options: {
    model: { type: 'string', default: 'model' },
    data: { type: 'string', default: 'model/data' },
    out: { type: 'string', default: 'model' },
    /** Human passages whose likelihood is measured; passages generated for the classifier. */
    likelihoods: { type: 'string', default: '60' },
    generated: { type: 'string', default: '200' },
  },
});
const ROLLS = ['stanford-piano-rolls'];
const PASSAGE_MS = 30_000;
const SECTION_MS = 60_000;
/** Intervals a gram; hashes; 2^25 bits are 4 MB, seven for each gram of the training. */
const [GRAM, HASHES, LOG_BITS] = [12, 5, 25];
/** Before a passage the network hears so many tokens. */
const HEARD = 300;
/** Paces at which is composed; notes a second. */
const PACES = [3.2, 3.8, 4.4, 4.8, 5.5, 6, 8, 10] as const;
const HELD_OUT = 4;
const HUMAN_FOR_ONE = 4;
const told = (text: string) => console.error(`${new Date().toISOString().slice(11, 19)} ${text}`);
const rounded = (value: number, digits = 4) => Math.round(value * 10 ** digits) / 10 ** digits;

async function measureIndex() {
  function* grams(): Generator<GramHash> {
    for (const intervals of quoted) {
      for (let i = 0; i + GRAM <= intervals.length; i++) yield hashOfGram(intervals, i, GRAM);
    }
  }
  const quoted = await trainingIntervals(values.data);
  const bytes = buildIndex(grams(), GRAM, HASHES, LOG_BITS);
  await writeFile(join(values.out, INDEX_FILE), bytes);
  const index = readIndex(bytes);
  const human = [
    ...(await readShard(values.data, 'test', ROLLS)),
    ...(await readShard(values.data, 'valid', ROLLS)),
  ];
  // Grams of the same intervals in random order are in no corpus.
  const random = seededRandom(1);
  const steps = human.flatMap((piece) => Array.from(intervalsOfPiece(piece)));
  let found = 0;
  const tries = 200_000;
  for (let i = 0; i < tries; i++) {
    const gram = Array.from({ length: GRAM }, () => steps[Math.floor(random() * steps.length)]!);
    if (index.has(hashOfGram(gram, 0, GRAM))) found++;
  }
  const runs = human
    .flatMap((piece) => passagesOf(piece, SECTION_MS, FEWEST_NOTES))
    .map(({ notes }) => longestKnownRun(intervalsOf(notes), index));
  const wholeRuns = human.map((piece) => longestKnownRun(intervalsOfPiece(piece), index));
  told(`index: ${bytes.length} bytes, false positives ${found / tries}`);
  return {
    longestRun: Math.ceil(quantile(runs, 0.9)),
    figures: {
      gram: GRAM,
      falsePositives: rounded(found / tries, 5),
      sections: runs.length,
      sectionRuns: { median: quantile(runs, 0.5), p90: quantile(runs, 0.9) },
      pieceRuns: { median: quantile(wholeRuns, 0.5), p90: quantile(wholeRuns, 0.9) },
    },
  };
}

/** Where the middle eight tenths of the rolls lie that last longer than a minute. */
async function measureRanges(): Promise<Ranges> {
  const rolls = (await readShard(values.data, 'train', ROLLS))
    .map(({ tokens }) => decode(tokens))
    .filter(({ durationMs }) => durationMs > SECTION_MS)
    .map(metricsOf);
  if (rolls.length === 0) throw new Error(`${values.data} has no rolls to measure`);
  const range = (name: keyof Ranges) => {
    const found = rolls.map((metrics) => metrics[name]);
    return [rounded(quantile(found, 0.1), 2), rounded(quantile(found, 0.9), 2)] as const;
  };
  return Object.fromEntries(RANGED.map((name) => [name, range(name)])) as Ranges;
}

/** Controls of a passage as training computes them for a window. */
const controlsOf = (notes: readonly Note[], notesPerSecond: number) => ({
  style: 'stanford-piano-rolls' as const,
  loudness: Math.floor(mean(notes.map(({ velocity }) => velocity)) / 16),
  density: densityLevel(notesPerSecond),
  register: registerLevel(mean(notes.map(({ pitch }) => pitch))),
});

/** Mean nats per note of a passage, each note told after those before it. */
async function natsOfPassage(
  { piece, from, to, notes, notesPerSecond }: Passage,
  model: Model,
): Promise<number> {
  const decoder = model.newDecoder();
  const heard = piece.tokens.slice(Math.max(0, from - HEARD), from);
  let logits = await decoder.append([...encodePrefix(controlsOf(notes, notesPerSecond), 0), ...heard]);
  let nats = 0;
  const last = Math.min(to, from + 3 * Math.floor((model.contextLength - HEARD) / 3) - 12);
  for (let i = from; i < last; i++) {
    nats += natsOf(logits, piece.tokens[i]!, (i - from) % 3);
    logits = await decoder.append([piece.tokens[i]!]);
  }
  const struck = Array.from({ length: (last - from) / 3 }, (_, n) => piece.tokens[from + 3 * n + 1]);
  return nats / struck.filter((pitch) => pitch !== NO_PITCH).length;
}

const spread = <T>(list: readonly T[], count: number): T[] =>
  Array.from(
    { length: Math.min(count, list.length) },
    (_, i) => list[Math.floor((i * list.length) / count)]!,
  );
const playable = ({ notesPerSecond }: Passage) => notesPerSecond >= 2.5 && notesPerSecond <= 12;
const passagesIn = async (split: Split) =>
  (await readShard(values.data, split, ROLLS))
    .flatMap((piece) => passagesOf(piece, PASSAGE_MS, FEWEST_NOTES))
    .filter(playable);

const { longestRun, figures: originality } = await measureIndex();
const ranges = await measureRanges();
told(`ranges: ${JSON.stringify(ranges)}`);

const model = await openModel(values.model);
const points: [number, number][] = [];
for (const human of spread(await passagesIn('valid'), Number(values.likelihoods))) {
  points.push([Math.log(human.notesPerSecond), await natsOfPassage(human, model)]);
}
await model.release();
const likelihood = { modelSha256: model.sha256, ...line(points) };
const errors = points.map(([x, y]) => y - likelihood.level - likelihood.slope * x);
told(`likelihood of ${points.length} passages: ${likelihood.level} + ${likelihood.slope} ln(notes/s)`);

const pool = await openSamplers(values.model);
const made = await Promise.all(
  Array.from({ length: Number(values.generated) }, async (_, i) => {
    const notesPerSecond = PACES[i % PACES.length]!;
    const controls = {
      style: 'stanford-piano-rolls' as const,
      loudness: 1 + (i % 4),
      density: densityLevel(notesPerSecond),
      register: 2 + (i % 3),
    };
    const sampled = await pool.sample(passage(controls, notesPerSecond, PASSAGE_MS, 120_000), i);
    if (i % 20 === 0) told(`passage ${i}`);
    return { ...sampled, pace: sampled.notes.length / (PASSAGE_MS / 1000) };
  }),
);
await pool.release();
const generated = made.filter(({ notes }) => notes.length >= FEWEST_NOTES);

/** As many human passages of each pace as there are generated ones, so that pace tells nothing. */
function likePaced(passages: readonly Passage[], like: readonly { pace: number }[], each: number): Passage[] {
  const left = [...passages];
  return like.flatMap(({ pace }) => {
    left.sort(
      (a, b) => Math.abs(Math.log(b.notesPerSecond / pace)) - Math.abs(Math.log(a.notesPerSecond / pace)),
    );
    return left.splice(-each);
  });
}
const learning = generated.filter((_, i) => i % HELD_OUT !== 0);
const heldOut = generated.filter((_, i) => i % HELD_OUT === 0);
const human = likePaced(spread(await passagesIn('train'), 4000), learning, HUMAN_FOR_ONE);
const classifier = regression(
  human.map(({ notes }) => traitsOf(notes)),
  learning.map(({ notes }) => traitsOf(notes)),
);
const logits = (list: readonly { notes: readonly Note[] }[]) =>
  list.map(({ notes }) => logitOf(traitsOf(notes), classifier));
const unheard = likePaced(await passagesIn('test'), heldOut, 2);
const figures = {
  auc: rounded(auc(logits(unheard), logits(heldOut))),
  aucLearning: rounded(auc(logits(human), logits(learning))),
  passages: {
    human: human.length,
    generated: learning.length,
    heldOutHuman: unheard.length,
    heldOutGenerated: heldOut.length,
  },
  likelihood: {
    passages: points.length,
    deviation: rounded(Math.sqrt(mean(errors.map((error) => error ** 2)))),
    /** Of the generated ones, away from the human line. */
    generated: rounded(
      mean(
        generated.map(({ nats, pace }) => mean(nats) - likelihood.level - likelihood.slope * Math.log(pace)),
      ),
    ),
  },
  originality,
};
const shortened = (list: readonly number[]) => list.map((value) => rounded(value, 5));
const taste = {
  schema: 1,
  traits: TRAITS,
  likelihood: { ...likelihood, level: rounded(likelihood.level), slope: rounded(likelihood.slope) },
  classifier: {
    means: shortened(classifier.means),
    deviations: shortened(classifier.deviations),
    weights: shortened(classifier.weights),
    bias: rounded(classifier.bias, 5),
    usual: rounded(quantile(logits(human), 0.5)),
  },
  longestRun,
  ranges,
  figures,
};
await writeFile(join(values.out, TASTE_FILE), `${JSON.stringify(taste, null, 2)}\n`);
console.log(JSON.stringify(figures));
