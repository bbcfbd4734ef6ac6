/** The attack cases: how many there are, which tests stand for each, and the table of docs/security.md. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** Cases are numbered from 1. */
export const CASES = 102;

/** Where what is asked is a limit that AWS keeps, and that no program of ours could keep or break; by case. */
export const OF_AWS: ReadonlyMap<number, string> = new Map();

/** One test: its title is `case N: ` and a sentence that says what holds. */
export type CaseTest = { readonly number: number; readonly file: string; readonly sentence: string };

const HERE = import.meta.dirname;
const ROOT = resolve(HERE, '../..');
export const SECURITY = join(ROOT, 'docs', 'security.md');
const [BEGIN, END] = ['<!-- cases: npm run attacks -- --write -->', '<!-- /cases -->'];

/** The number that a test's title names; null: it is no case. */
export const caseOf = (title: string): number | null => {
  const number = /^case (\d+): ./.exec(title)?.[1];
  return number === undefined ? null : Number(number);
};

/** Every title in the sources of tests/attacks, by case, then by file. They must be written as literals. */
export function caseTests(): readonly CaseTest[] {
  const files = readdirSync(HERE, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.test.ts'))
    .map((name) => name.replaceAll('\\', '/'));
  const tests = files.flatMap((file) =>
    [...readFileSync(join(HERE, file), 'utf8').matchAll(/(['"`])case (\d+): ((?:(?!\1)[^\n])+)\1/g)].map(
      ([, , number, sentence]) => ({ number: Number(number), file, sentence: sentence! }),
    ),
  );
  return tests.sort((a, b) => a.number - b.number || (a.file < b.file ? -1 : a.file > b.file ? 1 : 0));
}

/** The table as it stands in docs/security.md. */
function caseTable(): string {
  const rows = caseTests().map(
    ({ number, file, sentence }) =>
      `| ${number} | [${file.replace(/\.test\.ts$/, '')}](../tests/attacks/${file}) | ${sentence.replaceAll('|', '\\|')} |`,
  );
  const aws = [...OF_AWS].map(([number, reason]) => `| ${number} | AWS's own limit | ${reason} |`);
  return ['| case | test | outcome |', '|---|---|---|', ...rows, ...aws].join('\n');
}

/** docs/security.md with its table as it should be. */
export function withTable(text: string): string {
  const [from, to] = [text.indexOf(BEGIN), text.indexOf(END)];
  if (from < 0 || to < from) throw new Error(`${SECURITY} has no ${BEGIN} … ${END}`);
  return `${text.slice(0, from + BEGIN.length)}\n${caseTable()}\n${text.slice(to)}`;
}

export const writeTable = (): void => writeFileSync(SECURITY, withTable(readFileSync(SECURITY, 'utf8')));
