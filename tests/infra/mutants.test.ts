/** Whatever is taken out of the stack, somebody complains; what nobody misses is named here and in docs/decisions.md. */
import { readFileSync } from 'node:fs';
import { beforeAll, expect, test } from '@jest/globals';
import { DEMANDS, isMissed } from './demands/index.ts';
import { type Mutant, mutants } from './demands/mutants.ts';
import { type Described, describeStack } from './template.ts';

let stack: Described;
let all: readonly Mutant[];
beforeAll(async () => {
  stack = await describeStack();
  all = [...mutants(stack)];
});

/** Nothing that is demanded holds these: they are for eyes, and nothing refers to them. */
const UNNOTICED: readonly string[] = ['resource Dashboard'];

test.each(DEMANDS)('%s', (_sentence, look) => {
  expect(look(stack)).toEqual([]);
});

test('of every kind there is something to take away', () => {
  const counts: Record<string, number> = {};
  for (const { kind } of all) counts[kind] = (counts[kind] ?? 0) + 1;
  expect(counts).toEqual({ resource: 92, DependsOn: 12, statement: 196, throttle: 10, answer: 5, alarm: 14 });
});

test('each one that is taken away is missed, but for those that are named', () => {
  const unnoticed = all.filter((mutant) => !isMissed(mutant.stack));
  expect(unnoticed.map(({ kind, name }) => `${kind} ${name}`).sort()).toEqual([...UNNOTICED].sort());
});

test('docs/decisions.md names what is not missed', () => {
  const doc = readFileSync('docs/decisions.md', 'utf8');
  for (const name of UNNOTICED) expect(doc).toContain(`\`${name}\``);
});
