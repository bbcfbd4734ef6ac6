import { readFileSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import { registerCompose } from './compose.ts';
import { registerCorpus } from './corpus.ts';
import { registerInspect } from './inspect.ts';
import { EXIT, report } from './output.ts';
import { registerReplay } from './replay.ts';
import { registerStart } from './start.ts';

const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

export async function main(argv: readonly string[]): Promise<void> {
  const program = new Command('pianola')
    .description('A self-playing piano: composes a piece a day and plays it to everyone at the same moment')
    .version(version)
    .showHelpAfterError('(pianola --help lists the commands)')
    .exitOverride();
  for (const register of [registerStart, registerCompose, registerReplay, registerInspect, registerCorpus])
    register(program);
  try {
    await program.parseAsync([...argv]);
  } catch (error) {
    if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? EXIT.ok : EXIT.usage;
    else process.exitCode = report(error, argv.includes('--json'));
  }
}
