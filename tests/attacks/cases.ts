/** The attack cases: how many there are, which tests stand for each, and the table of docs/security.md. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** Cases are numbered from 1. */
export const CASES = 102;

/**
 * Where a part of a case is a limit that AWS keeps on a stage, and that no program of ours could keep or break; by case,
 * with who says so. They are counted apart: what is ours of such a case, the local station or the page, has tests all the same.
 */
export const OF_AWS: ReadonlyMap<number, string> = new Map([
  [
    1,
    'API Gateway takes frames of 32 KB and messages of 128 KB, and closes with 1009 ("WebSocket API quotas")',
  ],
  [5, 'API Gateway reads the bytes of text: what a function is given is JSON'],
  [6, 'API Gateway speaks RFC 6455 with the client; functions see whole messages'],
  [7, 'API Gateway puts fragments together; functions see whole messages'],
  [8, 'API Gateway answers control frames by itself; none reaches a function, or costs one'],
  [10, 'API Gateway refuses the 501st new connection of a second with 429 ("WebSocket API quotas")'],
  [
    11,
    'Connections of one address are limited where an operator puts a WAF with a rate rule before the distribution',
  ],
  [13, 'API Gateway closes a connection that was idle for 10 minutes ("WebSocket API quotas")'],
  [23, 'API Gateway closes every connection after 2 hours ("WebSocket API quotas")'],
  [79, 'API Gateway takes pongs by itself; none reaches a function, or costs one'],
]);

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
    // The one about these titles holds no case.
    .filter((name) => name.endsWith('.test.ts') && name !== 'cases.test.ts')
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
  const aws = [...OF_AWS].map(([number, reason]) => `| ${number} | ${reason} |`);
  return [
    ...['| case | test | outcome |', '|---|---|---|', ...rows, ''],
    ...["On a stage these are AWS's own limits, and counted apart:", ''],
    ...['| case | kept by AWS |', '|---|---|', ...aws],
  ].join('\n');
}

/** docs/security.md with its table as it should be. */
export function withTable(text: string): string {
  const [from, to] = [text.indexOf(BEGIN), text.indexOf(END)];
  if (from < 0 || to < from) throw new Error(`${SECURITY} has no ${BEGIN} … ${END}`);
  return `${text.slice(0, from + BEGIN.length)}\n${caseTable()}\n${text.slice(to)}`;
}

export const writeTable = (): void => writeFileSync(SECURITY, withTable(readFileSync(SECURITY, 'utf8')));
