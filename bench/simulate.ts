/**
 * `npm run simulate -- --runs 300 --seed 1`: evenings on a virtual clock, each with what a seed lets go wrong, played by
 * the product's own code over simulated stores, timers, wires and processes. The first that breaks an invariant is told with
 * its seed and its log, and is repeated with `--seed S --runs 1`; exit 1 then. With --all it goes on after one.
 */
import { parseArgs } from 'node:util';
import { simulate } from './simulate/evening.ts';
import { PLANTS, type PlantName } from './simulate/plants.ts';

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '300' },
    seed: { type: 'string', default: '1' },
    plant: { type: 'string' },
    all: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
});
const planted = PLANTS.find((name) => name === values.plant) ?? null;
if (values.plant !== undefined && !planted) {
  console.error(
    `nothing can be planted that is called ${values.plant}: give --plant with one of ${PLANTS.join(', ')}`,
  );
  process.exit(2);
}
const [runs, first] = [Number(values.runs), Number(values.seed)];
const startedAt = performance.now();
const faults = new Map<string, number>();
const broken: number[] = [];
let strokes = 0;
let done = 0;
for (let seed = first; seed < first + runs; seed++) {
  const result = await simulate(seed, planted as PlantName | null);
  done++;
  strokes += result.strokes;
  for (const { name } of result.befallen) faults.set(name, (faults.get(name) ?? 0) + 1);
  if (result.broken.length === 0) continue;
  broken.push(seed);
  if (!values.json) {
    console.log(`seed ${seed} (${result.place}) is broken:`);
    for (const line of result.events) console.log(`  ${line}`);
    for (const line of result.broken.slice(0, 20)) console.log(`  ${line}`);
    console.log(`repeat it with: npm run simulate -- --runs 1 --seed ${seed}`);
  }
  if (!values.all) break;
}
const seconds = Math.round((performance.now() - startedAt) / 100) / 10;
const figures = {
  runs: done,
  seed: first,
  broken: broken.length,
  seeds: broken.slice(0, 100),
  seconds,
  strokes,
};
if (values.json) console.log(JSON.stringify(figures));
else console.log({ ...figures, faults: Object.fromEntries([...faults].sort()) });
process.exitCode = broken.length > 0 ? 1 : 0;
