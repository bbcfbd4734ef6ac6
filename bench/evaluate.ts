import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { DEFAULT_CANDIDATES } from '../src/compose/performance.ts';
import type { PerformanceRecord } from '../src/ports.ts';
import { openSamplers } from '../src/sampling/pool.ts';
import { openTaste } from '../src/sampling/taste-file.ts';
import { trainingIntervals } from './corpus/shards.ts';
import { compare, table } from './evaluate/compare.ts';
import { criteria } from './evaluate/criteria.ts';
import { ear } from './evaluate/ear.ts';
import { bestMedianWorst, evaluationPage } from './evaluate/page.ts';
import { composePieces, type Piece, readPieces, readReferences, singlePasses } from './evaluate/pieces.ts';

const USAGE = `npm run evaluate -- [FILE.mid | DIRECTORY …] [options]
Measures music beside human music; several figures a movement, no listener needed. With --seeds, --corpus and
--training it says as well whether what is asked of fresh performances holds.
  --seeds 1-10       compose afresh with these seeds, instead of files
  --minutes 8        length of these
  --candidates ${DEFAULT_CANDIDATES}     of each section the best of so many
  --model DIR        model/
  --corpus DIR       reference: the test split of this corpus (splits.tsv)
  --source NAME      of these sources, comma-separated; stanford-piano-rolls
  --training DIR     token shards of the training: sharedRun is with these, not with the reference
  --midi DIR         keeps what is composed there
  --wav DIR          the best, the median and the worst as the page's own piano plays them
  --html FILE        a page with the piano rolls of the best, the median and the worst
  --each             a line of figures for every movement
  --json             print one JSON object as the last line`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seeds: { type: 'string' },
    minutes: { type: 'string', default: '8' },
    candidates: { type: 'string', default: String(DEFAULT_CANDIDATES) },
    model: { type: 'string', default: 'model' },
    corpus: { type: 'string' },
    source: { type: 'string', default: 'stanford-piano-rolls' },
    training: { type: 'string' },
    midi: { type: 'string' },
    wav: { type: 'string' },
    html: { type: 'string' },
    each: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
if (values.help || (positionals.length === 0 && !values.seeds)) {
  console.error(USAGE);
  process.exit(values.help ? 0 : 2);
}

const taste = await openTaste(values.model);
const pieces: Piece[] = await readPieces(positionals);
const records: PerformanceRecord[] = [];
const passes: Piece[] = [];
if (values.seeds) {
  const [from, to = from] = values.seeds.split('-').map(Number);
  const sampler = await openSamplers(values.model);
  for (let seed = from!; seed <= to!; seed++) {
    const composer = { sampler, taste };
    const made = await composePieces(composer, seed, Number(values.minutes), Number(values.candidates));
    pieces.push(...made.pieces);
    records.push(made.record);
    if (values.corpus) passes.push(...(await singlePasses(sampler, seed, Number(values.minutes))));
    if (values.midi) {
      await mkdir(values.midi, { recursive: true });
      await writeFile(join(values.midi, `seed-${seed}.mid`), made.midi);
    }
    console.error(`composed seed ${seed}`);
  }
  await sampler.release();
}
const references = values.corpus ? await readReferences(values.corpus, values.source.split(',')) : [];
const result = compare(
  pieces,
  references,
  values.training ? await trainingIntervals(values.training) : undefined,
);
const text = table(result.rows);
// Of files nobody knows in how many movements and on what terms they were made.
const asked =
  passes.length > 0 && positionals.length === 0 ? criteria(result, compare(passes, []).pieces) : [];
console.log(`${pieces.length} movements, ${references.length} references`);
console.log(text);
const heard = taste && ear(pieces, references, taste);
if (heard?.byChooser != null)
  console.log(`told from human excerpts of 30 s: AUC ${heard.byChooser.toFixed(3)}`);
if (heard?.byStranger != null)
  console.log(`by one that learnt from half of them: AUC ${heard.byStranger.toFixed(3)}`);
const ends = madeHow(records);
if (records.length > 0) console.log(`endings: ${JSON.stringify(ends)}`);
const rounded = (value: unknown) => (typeof value === 'number' ? Math.round(value * 1e4) / 1e4 : value);
for (const { name, found, holds } of asked) console.log(`${holds ? 'holds' : 'FAILS'}  ${name}: ${found}`);
if (values.each) {
  for (const { name, metrics: m, within } of result.pieces) {
    const figures = [
      m.seconds,
      m.notesPerSecond,
      m.mostSounding,
      m.breathsPerMinute,
      m.repeated16,
      m.finalHold,
    ];
    console.log(
      `${name.padEnd(44)} s, notes/s, most sounding, breaths/min, repeated 16, hold: ${figures.map((f) => f.toFixed(2)).join('  ')}  within ${within?.toFixed(2)}`,
    );
  }
}
if (values.html) await writeFile(values.html, evaluationPage(result.pieces, text));
if (values.wav) await renderAll(values.wav);
if (values.json) {
  const each = result.pieces.map(({ name, metrics, sharedRun, within }) => ({
    name,
    ...metrics,
    sharedRun,
    within,
  }));
  const summary = {
    movements: pieces.length,
    references: references.length,
    rows: result.rows,
    auc: heard,
    endings: ends,
    criteria: asked,
    pieces: each,
  };
  console.log(JSON.stringify(summary, (_, value) => rounded(value)));
}

/** How movements came about: their endings, the longest run that any section shares with the training, attempts. */
function madeHow(made: readonly PerformanceRecord[]) {
  const movements = made.flatMap((record) => record.movements);
  const runs = movements.flatMap(({ sections = [] }) => sections.map(({ knownRun }) => knownRun ?? 0));
  return {
    movements: movements.length,
    byItself: movements.filter(({ cadence }) => cadence === 'model').length,
    longestKnownRun: Math.max(0, ...runs),
    attempts: movements.reduce((sum, { attempts = 1 }) => sum + attempts, 0),
  };
}

/** The page's own piano, in a headless browser: only who asks for it needs one. */
async function renderAll(directory: string): Promise<void> {
  const { launchBrowser } = await import('../tests/browser/browser.ts');
  const { browserPiano } = await import('./sound/browser-piano.ts');
  const { wavFile } = await import('./sound/wav.ts');
  await mkdir(directory, { recursive: true });
  const browser = await launchBrowser();
  try {
    const piano = await browserPiano(browser);
    for (const [label, piece] of bestMedianWorst(result.pieces)) {
      const { channels, sampleRate } = await piano.render(piece.music);
      await writeFile(join(directory, `${label.toLowerCase()}.wav`), wavFile(channels, sampleRate));
    }
  } finally {
    await browser.close();
  }
}
