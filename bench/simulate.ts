/**
 * `npm run simulate -- --runs 300 --seed 1`: evenings on a virtual clock, each with what a seed lets go wrong, played by
 * the product's own code over simulated stores, timers, wires and processes, on all processors. The first that breaks an
 * invariant is told with its seed and its log, and is repeated with `--seed S --runs 1`; exit 1 then. With --all it goes on after one.
 */
import { parseArgs } from 'node:util';
import { simulateAll } from './simulate/all.ts';
import { PLANTS } from './simulate/plants.ts';

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
if (!Number.isInteger(runs) || runs < 1 || !Number.isInteger(first)) {
  console.error('--runs and --seed are whole numbers, and there is one run or more');
  process.exit(2);
}
const startedAt = performance.now();
const secondsSoFar = (): number => Math.round((performance.now() - startedAt) / 100) / 10;
const faults = new Map<string, number>();
const broken: number[] = [];
let strokes = 0;
let done = 0;
await simulateAll({ from: first, until: first + runs, planted }, (told) => {
  done++;
  strokes += told.strokes;
  for (const name of told.befallen) faults.set(name, (faults.get(name) ?? 0) + 1);
  if (done % 1_000 === 0) console.error(`${done} of ${runs} evenings, ${secondsSoFar()} s`);
  if (told.broken.length === 0) return true;
  broken.push(told.seed);
  console.error(`seed ${told.seed} (${told.place}) is broken:`);
  for (const line of [...told.events, ...told.broken.slice(0, 20)]) console.error(`  ${line}`);
  console.error(`repeat it with: npm run simulate -- --runs 1 --seed ${told.seed}`);
  return values.all;
});
const figures = {
  runs: done,
  seed: first,
  broken: broken.length,
  seeds: broken.sort((a, b) => a - b).slice(0, 100),
  seconds: secondsSoFar(),
  strokes,
};
if (values.json) console.log(JSON.stringify(figures));
else console.log({ ...figures, faults: Object.fromEntries([...faults].sort()) });
process.exitCode = broken.length > 0 ? 1 : 0;
