/** Questions before something is lost. */
import { createInterface } from 'node:readline/promises';
import { shown } from './clean.ts';
import { CliError } from './output.ts';

/**
 * Asks before something is lost. Where nobody can be asked (a pipe, a script, `--json`) the answer is no: only `--yes`
 * does it then.
 * @throws CliError with exit code 4 where the answer is not yes
 */
export async function confirm(question: string, { json }: { json?: boolean }): Promise<void> {
  if (json || !process.stdin.isTTY || !process.stderr.isTTY) {
    const message = `nobody can be asked here, so nothing was changed: give --yes (${question})`;
    throw new CliError('denied', 'not_confirmed', message);
  }
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await terminal.question(`${shown(question)} [y/N] `);
    if (!/^y(es)?$/i.test(answer.trim())) {
      throw new CliError('denied', 'not_confirmed', 'nothing was changed');
    }
  } finally {
    terminal.close();
  }
}
