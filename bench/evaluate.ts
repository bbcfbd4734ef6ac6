/**
 * `npm run evaluate -- --seeds 1-30 --out DIR`: composes performances for the judge, their MIDI and their scores, with
 * `--candidates` and once more with one candidate, so that it can be told whether choosing helps. Then
 * `npm run judge -- --scores DIR/8/scores --midi DIR/8/performances --corpus CORPUS`, and the same of DIR/1.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { compose, DEFAULT_CANDIDATES } from '../src/compose/performance.ts';
import { openOriginality } from '../src/sampling/originality-file.ts';
import { openSamplers } from '../src/sampling/pool.ts';

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '1-30' },
    minutes: { type: 'string', default: '8' },
    candidates: { type: 'string', default: `1,${DEFAULT_CANDIDATES}` },
    model: { type: 'string', default: 'model' },
    out: { type: 'string' },
  },
});
if (!values.out) {
  console.error('give --out DIR, where the performances go');
  process.exit(2);
}
const [first, last = first] = values.seeds.split('-').map(Number) as [number, number?];
/** Each performance is of another week, so that no theme is heard twice. */
const dateOf = (seed: number): string =>
  new Date(Date.UTC(2026, 0, 5) + (seed * 7 + (seed % 7)) * 86_400_000).toISOString().slice(0, 10);

const sampler = await openSamplers(values.model);
const originality = await openOriginality('model');
for (const candidates of values.candidates.split(',').map(Number)) {
  const at = (kind: string) => join(values.out!, String(candidates), kind);
  await Promise.all(['scores', 'performances'].map((kind) => mkdir(at(kind), { recursive: true })));
  for (let seed = first; seed <= last; seed++) {
    const settings = { date: dateOf(seed), seed, minutes: Number(values.minutes), candidates };
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
