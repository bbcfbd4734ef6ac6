/**
 * `npm run fuzz -- --what midi --seconds 60`: wrong input of one kind, made from a seed, until time or `--mutants` are up.
 * A worker tries it and a watch looks on, so that a crash or a hang is a finding as well. A finding is repeated with
 * `--seed S --from I --mutants 1`. With --json the figures are one object on the last line; exit 1 where there are findings.
 */
import { parseArgs } from 'node:util';
import { type Figures, fuzz } from './fuzz/run.ts';

/** What can be tried: a module of bench/fuzz/ each, that exports `newTarget`. */
const KINDS = ['midi', 'wire', 'targets', 'windows'] as const;

const { values } = parseArgs({
  options: {
    what: { type: 'string', default: KINDS.join(',') },
    seconds: { type: 'string', default: '60' },
    mutants: { type: 'string', default: 'Infinity' },
    seed: { type: 'string', default: '1' },
    from: { type: 'string', default: '0' },
    json: { type: 'boolean', default: false },
  },
});
const kinds = values.what.split(',');
const unknown = kinds.filter((kind) => !(KINDS as readonly string[]).includes(kind));
if (unknown.length > 0) {
  console.error(`nothing is called ${unknown.join(', ')}: give --what ${KINDS.join(' or ')}`);
  process.exit(2);
}
const figures: Record<string, Figures> = {};
for (const kind of kinds) {
  figures[kind] = await fuzz(kind, {
    seconds: Number(values.seconds) / kinds.length,
    mutants: Number(values.mutants),
    seed: Number(values.seed),
    from: Number(values.from),
  });
}
console.log(values.json ? JSON.stringify(figures) : figures);
process.exitCode = Object.values(figures).some(({ findings }) => findings.length > 0) ? 1 : 0;
