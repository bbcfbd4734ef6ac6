/**
 * `npm run evaluate -- --seeds 1-30 --out DIR`: composes performances for the judge, their MIDI and their scores, with
 * `--candidates` and once more with one candidate, so that it can be told whether choosing helps. Then
 * `npm run judge -- --scores DIR/8/scores --midi DIR/8/performances --corpus CORPUS`, and the same of DIR/1.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { compose } from '../src/compose/performance.ts';
import { openOriginality } from '../src/sampling/originality-file.ts';
import { openSamplers } from '../src/sampling/pool.ts';
import { askedOf, dateOf } from './evaluate/asked.ts';

const asked = askedOf(process.argv.slice(2));
if ('problem' in asked) {
  console.error(asked.problem);
  process.exit(2);
}
const { seeds, minutes, out } = asked;

const sampler = await openSamplers(asked.model);
const originality = await openOriginality('model');
for (const candidates of asked.candidates) {
  const at = (kind: string) => join(out, String(candidates), kind);
  await Promise.all(['scores', 'performances'].map((kind) => mkdir(at(kind), { recursive: true })));
  for (const seed of seeds) {
    const settings = { date: dateOf(seed), seed, minutes, candidates };
    const startedAt = performance.now();
    const { record, midi, scores } = await compose(settings, {
      sampler,
      originality,
      clock: { now: () => 0 },
    });
    const name = String(seed).padStart(2, '0');
    await writeFile(join(at('performances'), `${name}.mid`), midi);
    for (const [i, { score }] of scores.entries())
      await writeFile(join(at('scores'), `${name}-${i + 1}.json`), JSON.stringify(score));
    const seconds = Math.round((performance.now() - startedAt) / 1000);
    console.error(
      `seed ${seed}, ${candidates} candidates: ${record.title}, ${record.notes} notes in ${seconds} s`,
    );
  }
}
await sampler.release();
