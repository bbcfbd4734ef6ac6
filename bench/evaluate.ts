/**
 * `npm run evaluate -- --seeds 1-30 --out DIR --corpus CORPUS`: composes performances, their MIDI and their scores, with one
 * candidate a phrase and with `--candidates`, judges both, and says whether choosing helps or harms. Without a corpus it
 * composes them alone, for `npm run judge`.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { compose } from '../src/compose/performance.ts';
import { openOriginality } from '../src/sampling/originality-file.ts';
import { openSamplers } from '../src/sampling/pool.ts';
import { askedOf, dateOf } from './evaluate/asked.ts';
import { choosing, choosingText } from './judge/choosing.ts';
import { type Judgement, judgementOf, readHeld, textOf } from './judge/judgement.ts';
import { judgeMidi, judgeScores } from './judge/read.ts';

/** As the judge has it where nothing else is asked. */
const JUDGED = { split: 'test', printed: 40, seed: 1 } as const;

const asked = askedOf(process.argv.slice(2));
if ('problem' in asked) {
  console.error(asked.problem);
  process.exit(2);
}
const { seeds, minutes, out, corpus } = asked;
/** By how many candidates: the files of this time, whatever lies beside them. */
const written = new Map<number, { readonly scores: string[]; readonly performances: string[] }>();

const sampler = await openSamplers(asked.model);
const originality = await openOriginality('model');
for (const candidates of asked.candidates) {
  const files = { scores: [] as string[], performances: [] as string[] };
  written.set(candidates, files);
  const write = async (kind: keyof typeof files, name: string, body: string | Uint8Array) => {
    const directory = join(out, String(candidates), kind);
    await mkdir(directory, { recursive: true });
    await writeFile(join(directory, name), body);
    files[kind].push(join(directory, name));
  };
  for (const seed of seeds) {
    const settings = { date: dateOf(seed), seed, minutes, candidates };
    const startedAt = performance.now();
    const { record, midi, scores } = await compose(settings, {
      sampler,
      originality,
      clock: { now: () => 0 },
    });
    const name = String(seed).padStart(2, '0');
    await write('performances', `${name}.mid`, midi);
    for (const [i, { score }] of scores.entries())
      await write('scores', `${name}-${i + 1}.json`, JSON.stringify(score));
    const seconds = Math.round((performance.now() - startedAt) / 1000);
    console.error(
      `seed ${seed}, ${candidates} candidates: ${record.title}, ${record.notes} notes in ${seconds} s`,
    );
  }
}
await sampler.release();

if (corpus !== null) {
  const held = await readHeld(corpus, JUDGED);
  const judgements = new Map<number, Judgement>();
  for (const [candidates, { scores, performances }] of written) {
    console.error(`judging those of ${candidates}`);
    const judgement = judgementOf(
      await judgeScores(scores, JUDGED.seed),
      await judgeMidi(performances),
      held,
    );
    judgements.set(candidates, judgement);
    console.log(`Candidates a phrase: ${candidates}\n${textOf(judgement)}\n`);
  }
  const [one, many] = [Math.min(...judgements.keys()), Math.max(...judgements.keys())];
  if (one !== many)
    console.log(choosingText(choosing(judgements.get(one)!, judgements.get(many)!), [one, many]));
}
