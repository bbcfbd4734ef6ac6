import { readFileSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import { registerCorpus } from './corpus.ts';
import { EXIT, report } from './output.ts';

const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

export async function main(argv: readonly string[]): Promise<void> {
  const program = new Command('pianola')
    .description('A self-playing piano: composes a piece a day and plays it to everyone at the same moment')
    .version(version)
    .showHelpAfterError('(pianola --help lists the commands)')
    .exitOverride();
  registerCorpus(program);
  try {
    await program.parseAsync([...argv]);
  } catch (error) {
    if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? EXIT.ok : EXIT.usage;
    else process.exitCode = report(error, argv.includes('--json'));
  }
}
