import { readFileSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import { closeAll } from './terminal/at-end.ts';
import { examples } from './terminal/help.ts';
import { CliError, EXIT, report } from './terminal/output.ts';

const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

/** By their names, in the order of the help. */
const COMMANDS: Readonly<Record<string, () => Promise<(program: Command) => void>>> = {
  init: async () => (await import('./commands/init.ts')).registerInit,
  start: async () => (await import('./commands/start/index.ts')).registerStart,
  compose: async () => (await import('./commands/compose.ts')).registerCompose,
  continue: async () => (await import('./commands/continue.ts')).registerContinue,
  replay: async () => (await import('./commands/replay/index.ts')).registerReplay,
  inspect: async () => (await import('./commands/inspect.ts')).registerInspect,
  render: async () => (await import('./commands/render.ts')).registerRender,
  schedule: async () => (await import('./commands/schedule/index.ts')).registerSchedule,
  broadcast: async () => (await import('./commands/broadcast.ts')).registerBroadcast,
  status: async () => (await import('./commands/status.ts')).registerStatus,
  logs: async () => (await import('./commands/logs.ts')).registerLogs,
  doctor: async () => (await import('./commands/doctor/index.ts')).registerDoctor,
  models: async () => (await import('./commands/models/index.ts')).registerModels,
  prompts: async () => (await import('./commands/prompts.ts')).registerPrompts,
  corpus: async () => (await import('./commands/corpus/index.ts')).registerCorpus,
  backup: async () => (await import('./commands/backup.ts')).registerBackup,
  restore: async () => (await import('./commands/backup.ts')).registerRestore,
  completion: async () => (await import('./commands/completion.ts')).registerCompletion,
};
/** It writes down all the others. */
const NEEDS_ALL = 'completion';

/**
 * The command line.
 * @param named the command that is asked for: the code of the others is not loaded, so that a start takes a third less;
 * none, or no name of one: the whole
 */
export async function pianola(named?: string): Promise<Command> {
  const program = new Command('pianola')
    .description('A self-playing piano: composes a piece a day and plays it to everyone at the same moment')
    .version(version)
    // One line for every error, below, and JSON where that was asked for.
    .configureOutput({ outputError: () => {} })
    .exitOverride()
    .addHelpText('before', examples('start', 'schedule add --at 20:00', 'replay 2026-11-21', 'doctor'));
  const one = named !== undefined && named !== NEEDS_ALL && Object.hasOwn(COMMANDS, named);
  for (const load of one ? [COMMANDS[named]!] : Object.values(COMMANDS)) (await load())(program);
  return program;
}

export async function main(argv: readonly string[]): Promise<void> {
  try {
    const program = await pianola(argv[2]);
    await program.parseAsync([...argv]);
  } catch (error) {
    const asJson = argv.includes('--json');
    if (!(error instanceof CommanderError)) process.exitCode = report(error, asJson);
    else if (error.exitCode === 0) process.exitCode = EXIT.ok;
    else if (error.code === 'commander.help') process.exitCode = EXIT.usage;
    else process.exitCode = report(usageError(error), asJson);
  } finally {
    closeAll();
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
