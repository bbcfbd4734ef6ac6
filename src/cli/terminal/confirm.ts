import { createInterface } from 'node:readline/promises';
import { CliError } from './output.ts';

/**
 * Asks before something is lost, where somebody can answer; a script that calls the command has decided already.
 * @throws CliError with exit code 4 where the answer is not yes
 */
export async function confirm(question: string, { json }: { json?: boolean }): Promise<void> {
  if (json || !process.stdin.isTTY || !process.stderr.isTTY) return;
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await terminal.question(`${question} [y/N] `);
    if (!/^y(es)?$/i.test(answer.trim())) {
      throw new CliError('denied', 'not_confirmed', 'nothing was changed');
    }
  } finally {
    terminal.close();
  }
}
