/** What `npm run evaluate` is asked: which performances, each with how many candidates a phrase. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { DEFAULT_CANDIDATES } from '../../src/compose/performance.ts';

export type Asked = {
  readonly seeds: readonly number[];
  readonly minutes: number;
  readonly candidates: readonly number[];
  /** Directories. */
  readonly model: string;
  readonly out: string;
  /** null: nobody judges them. */
  readonly corpus: string | null;
};

/** @returns a problem where something is none of what it should be */
export function askedOf(args: readonly string[]): Asked | { readonly problem: string } {
  const { values } = parseArgs({
    args: [...args],
    options: {
      seeds: { type: 'string', default: '1-30' },
      minutes: { type: 'string', default: '8' },
      candidates: { type: 'string', default: `1,${DEFAULT_CANDIDATES}` },
      model: { type: 'string', default: 'model' },
      out: { type: 'string' },
      corpus: { type: 'string' },
    },
  });
  const { model, out, corpus = null } = values;
  if (!out) return { problem: 'give --out DIR, where the performances go' };
  const [, first = '', last = first] = /^(\d+)(?:-(\d+))?$/.exec(values.seeds) ?? [];
  const count = Number(last) - Number(first) + 1;
  if (first === '' || count < 1) return { problem: `--seeds ${values.seeds} are none: give 7, or 1-30` };
  const minutes = Number(values.minutes);
  if (!(minutes > 0 && minutes < Number.POSITIVE_INFINITY))
    return { problem: `--minutes ${values.minutes} is no length` };
  const candidates = values.candidates.split(',').map(Number);
  if (!candidates.every((some) => Number.isSafeInteger(some) && some > 0))
    return { problem: `--candidates ${values.candidates} are none: give 8, or 1,8` };
  // Asked before an hour of composing, not after it.
  if (corpus !== null && !existsSync(join(corpus, 'splits.tsv')))
    return {
      problem: `there is no ${join(corpus, 'splits.tsv')}: give --corpus DIR, whose split says what nobody trained on`,
    };
  const seeds = Array.from({ length: count }, (_, i) => Number(first) + i);
  return { seeds, minutes, candidates, model, out, corpus };
}

/** A day of a week of its own, so that no theme is heard twice. */
export const dateOf = (seed: number): string =>
  new Date(Date.UTC(2026, 0, 5) + (seed * 7 + (seed % 7)) * 86_400_000).toISOString().slice(0, 10);
