/** `npm run tour`: walks through every command and writes docs/commands.md anew. */
import { readFile, writeFile } from 'node:fs/promises';
import { STEPS } from './steps.ts';
import { tableOf, tour } from './tour.ts';

const FILE = 'docs/commands.md';
let at = 0;
const all = await tour(({ args, code }) =>
  console.error(`${++at} of ${STEPS.length}: ${args}: ${code ?? 'goes on'}`),
);
const wrong = STEPS.flatMap(([args, code], i) =>
  all[i]!.code !== null && all[i]!.code !== code ? [`${args}: ${all[i]!.code}, not ${code}`] : [],
);
for (const each of wrong) console.error(each);
const before = await readFile(FILE, 'utf8');
const head = before.slice(0, before.indexOf('| command |'));
await writeFile(FILE, `${head}${tableOf(all)}\n`);
process.exit(wrong.length === 0 ? 0 : 1);
