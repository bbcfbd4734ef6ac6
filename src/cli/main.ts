import { readFileSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import { registerBroadcast } from './commands/broadcast.ts';
import { registerCompletion } from './commands/completion.ts';
import { registerCompose } from './commands/compose.ts';
import { registerContinue } from './commands/continue.ts';
import { registerCorpus } from './commands/corpus/index.ts';
import { registerDoctor } from './commands/doctor/index.ts';
import { registerInspect } from './commands/inspect.ts';
import { registerLogs } from './commands/logs.ts';
import { registerModels } from './commands/models/index.ts';
import { registerPrompts } from './commands/prompts.ts';
import { registerReplay } from './commands/replay/index.ts';
import { registerSchedule } from './commands/schedule/index.ts';
import { registerStart } from './commands/start/index.ts';
import { registerStatus } from './commands/status.ts';
import { closePlaces } from './place/place.ts';
import { examples } from './terminal/help.ts';
import { CliError, EXIT, report } from './terminal/output.ts';

const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

const COMMANDS = [
  registerStart,
  registerCompose,
  registerContinue,
  registerReplay,
  registerInspect,
  registerSchedule,
  registerBroadcast,
  registerStatus,
  registerLogs,
  registerDoctor,
  registerModels,
  registerPrompts,
  registerCorpus,
  registerCompletion,
];

/** The whole command line. */
export function pianola(): Command {
  const program = new Command('pianola')
    .description('A self-playing piano: composes a piece a day and plays it to everyone at the same moment')
    .version(version)
    // One line for every error, below, and JSON where that was asked for.
    .configureOutput({ outputError: () => {} })
    .exitOverride()
    .addHelpText('before', examples('start', 'schedule add --at 20:00', 'replay 2026-11-21', 'doctor'));
  for (const register of COMMANDS) register(program);
  return program;
}

export async function main(argv: readonly string[]): Promise<void> {
  const program = pianola();
  try {
    await program.parseAsync([...argv]);
  } catch (error) {
    const asJson = argv.includes('--json');
    if (!(error instanceof CommanderError)) process.exitCode = report(error, asJson);
    else if (error.exitCode === 0) process.exitCode = EXIT.ok;
    else if (error.code === 'commander.help') process.exitCode = EXIT.usage;
    else process.exitCode = report(usageError(error), asJson);
  } finally {
    closePlaces();
  }
}

/** Commander's words in one line, without its own prefix; what to give instead is in them, or in the help. */
function usageError({ message }: CommanderError): CliError {
  const line = message
    .replace(/^error: /, '')
    .split(/\s*\n\s*/)
    .join(' ');
  const hint = /\. ?$|\)$/.test(line) ? '' : '; see pianola --help';
  return new CliError('usage', 'usage', `${line}${hint}`);
}
