/** docs/commands.md is true, word for word: every command is run as it says there. */
import { readFileSync } from 'node:fs';
import { beforeAll, expect, test } from '@jest/globals';
import type { Command } from 'commander';
import { pianola } from '../../src/cli/main.ts';
import { STEPS } from './tour/steps.ts';
import { type Said, tableOf, tour } from './tour/tour.ts';

let all: readonly Said[];
beforeAll(async () => {
  all = await tour();
});

test('each ends with the code that is documented', () => {
  const ended = STEPS.map(([args, code], i) => [
    args,
    all[i]!.code === null ? 'goes on' : all[i]!.code,
    code,
  ]);
  expect(ended.filter(([, is, wanted]) => is !== 'goes on' && is !== wanted)).toEqual([]);
});

test('docs/commands.md says what they say', () => {
  const doc = readFileSync('docs/commands.md', 'utf8');
  expect(doc.slice(doc.indexOf('| command |')).trim().split('\n')).toEqual(tableOf(all).split('\n'));
});

test('no command is left out, nor any exit code', async () => {
  const names = (command: Command, path: string[] = []): string[] =>
    command.commands.length === 0
      ? [path.join(' ')]
      : command.commands.flatMap((sub) => names(sub, [...path, sub.name()]));
  const walked = STEPS.map(([args]) => args.replace(/^\+ /, ''));
  expect(names(await pianola()).filter((name) => !walked.some((args) => args.startsWith(name)))).toEqual([]);
  expect([...new Set(STEPS.map(([, code]) => code))].sort()).toEqual([0, 1, 2, 3, 4, 5]);
});
