/** The first evenings of `npm run simulate`, and that what it looks for would be found. */
import { expect, test } from '@jest/globals';
import { simulate } from '../../bench/simulate/evening.ts';
import { FAULTS } from '../../bench/simulate/faults/index.ts';
import { PLANTS, type PlantName } from '../../bench/simulate/plants.ts';

const RUNS = 200;
const FOUND_WITHIN = 1_000;

test('on two hundred simulated evenings every listener hears every note that is due, once, in time', async () => {
  const befallen = new Set<string>();
  let strokes = 0;
  for (let seed = 1; seed <= RUNS; seed++) {
    const result = await simulate(seed);
    expect([seed, result.broken]).toEqual([seed, []]);
    strokes += result.strokes;
    for (const { name } of result.befallen) befallen.add(name);
  }
  expect(strokes).toBeGreaterThan(50 * RUNS);
  expect(befallen.size).toBeGreaterThan(FAULTS.length * 0.9);
});

test('there are at least 25 kinds of faults, each of its own name', () => {
  expect(new Set(FAULTS.map(({ name }) => name)).size).toBe(FAULTS.length);
  expect(FAULTS.length).toBeGreaterThanOrEqual(25);
});

test('a seed gives the same evening again', async () => {
  const [once, again] = [await simulate(19), await simulate(19)];
  expect(again).toEqual(once);
  expect(once.events.length).toBeGreaterThan(10);
});

/** What is planted, and what is complained of where it is found. */
const FOUND: Readonly<Record<PlantName, RegExp>> = {
  'lease check removed': /took the lease that .* holds/,
  'state left out': /was held, and not struck/,
  'epoch ignored': /took chunk \d+ of epoch 1 after 2/,
  'restart forgets': /there is no broadcast|records|not struck/,
};
test.each(PLANTS)('a bug is found: %s', async (name) => {
  let found: string | undefined;
  let seed = 0;
  while (!found && seed < FOUND_WITHIN) {
    const { broken } = await simulate(++seed, name);
    found = broken.find((what) => FOUND[name].test(what));
  }
  expect(found).toBeDefined();
  expect((await simulate(seed)).broken).toEqual([]);
});
