/** What `npm run judge` is asked, and what of it cannot be. */
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

export type Asked = {
  /** Files and directories. */
  readonly scores: readonly string[];
  readonly midi: readonly string[];
  readonly corpus: string;
  readonly split: string;
  /** Printed pieces, of all sources together. */
  readonly printed: number;
  readonly seed: number;
  readonly json: boolean;
};

/** @returns null where help is asked for; a problem where a number is none, or a path is not there */
export async function askedOf(args: readonly string[]): Promise<Asked | { readonly problem: string } | null> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      scores: { type: 'string', multiple: true, default: [] },
      midi: { type: 'string', multiple: true, default: [] },
      corpus: { type: 'string' },
      split: { type: 'string', default: 'test' },
      printed: { type: 'string', default: '40' },
      seed: { type: 'string', default: '1' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return null;
  const { scores, midi, corpus, split, json } = values;
  if (corpus === undefined) return { problem: 'give --corpus DIR, whose split says what nobody trained on' };
  const [printed, seed] = [Number(values.printed), Number(values.seed)];
  if (!Number.isSafeInteger(printed) || printed < 1)
    return { problem: `--printed ${values.printed} is no number of pieces` };
  if (!Number.isSafeInteger(seed)) return { problem: `--seed ${values.seed} is no whole number` };
  for (const path of [...scores, ...midi, join(corpus, 'splits.tsv')]) {
    const there = await access(path).then(
      () => true,
      () => false,
    );
    if (!there) return { problem: `there is no ${path}` };
  }
  return { scores, midi, corpus, split, printed, seed, json };
}
