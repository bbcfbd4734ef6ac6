// biome-ignore-all lint/suspicious/noTemplateCurlyInString: they are the shell's own
import { Argument, type Command } from 'commander';
import { SKY_EVENTS, WEEKDAYS } from '../../schedule/index.ts';
import { examples } from '../terminal/help.ts';
import { printLine } from '../terminal/output.ts';

const SHELLS = ['bash', 'zsh', 'fish'] as const;
type Shell = (typeof SHELLS)[number];

export function registerCompletion(program: Command): void {
  program
    .command('completion')
    .description('Print what makes a shell complete our commands and options')
    .addArgument(new Argument('<shell>', 'bash, zsh or fish').choices(SHELLS))
    .addHelpText(
      'before',
      examples('completion bash >> ~/.bashrc', 'completion fish > ~/.config/fish/completions/pianola.fish'),
    )
    .action((shell: Shell) => {
      for (const line of scriptFor(shell, program).split('\n')) printLine(line);
    });
}

/** What can follow, by the words that stand there already: commands, then options. */
type Entry = { readonly path: string; readonly words: readonly string[] };

function entries(command: Command, path = ''): Entry[] {
  const subcommands = command.commands.filter((sub) => sub.name() !== 'help');
  const words = [
    ...subcommands.map((sub) => sub.name()),
    ...command.options.map((option) => option.long ?? option.short ?? ''),
    '--help',
  ].filter(Boolean);
  return [{ path, words }, ...subcommands.flatMap((sub) => entries(sub, `${path} ${sub.name()}`.trim()))];
}

/** Values that an option takes from a list. */
const values = (): Readonly<Record<string, readonly string[]>> => ({
  '--sky': SKY_EVENTS,
  '--on': WEEKDAYS,
  '--tz': ['UTC', ...Intl.supportedValuesOf('timeZone')],
  '--performance': ['today'],
});

function scriptFor(shell: Shell, program: Command): string {
  const all = entries(program);
  if (shell === 'fish') return fish(all);
  const script = bash(all);
  // zsh reads bash's completions by its own bridge.
  return shell === 'bash'
    ? script
    : `autoload -U +X compinit bashcompinit && compinit && bashcompinit\n${script}`;
}

function bash(all: readonly Entry[]): string {
  const cases = all.map(({ path, words }) => `    '${path}') words='${words.join(' ')}' ;;`);
  const lists = Object.entries(values()).map(
    ([option, list]) =>
      `    ${option}) COMPREPLY=($(compgen -W '${list.join(' ')}' -- "$current")); return ;;`,
  );
  return [
    '_pianola() {',
    '  local current="${COMP_WORDS[COMP_CWORD]}" before="${COMP_WORDS[COMP_CWORD-1]}" path="" words="" i word',
    '  COMPREPLY=()',
    '  case "$before" in',
    ...lists,
    '  esac',
    '  for ((i = 1; i < COMP_CWORD; i++)); do',
    '    word="${COMP_WORDS[i]}"',
    `    case " ${all.map(({ path }) => path.replaceAll(' ', '/')).join(' ')} " in`,
    '      *" ${path:+$path/}$word "*) path="${path:+$path/}$word" ;;',
    '    esac',
    '  done',
    '  case "${path//\\// }" in',
    ...cases,
    '  esac',
    '  COMPREPLY=($(compgen -W "$words" -- "$current"))',
    '  [[ ${#COMPREPLY[@]} -eq 0 ]] && COMPREPLY=($(compgen -f -- "$current"))',
    '}',
    'complete -F _pianola pianola',
  ].join('\n');
}

function fish(all: readonly Entry[]): string {
  const lines = ['complete -c pianola -f'];
  for (const { path, words } of all) {
    const parts = path.split(' ').filter(Boolean);
    const seen = parts.map((part) => `__fish_seen_subcommand_from ${part}`);
    const deeper = all.filter(
      (entry) => entry.path.startsWith(`${path} `.trimStart()) && entry.path !== path,
    );
    const next = deeper.map((entry) => entry.path.slice(path.length).trim().split(' ')[0]!);
    const unseen = next.length > 0 ? [`not __fish_seen_subcommand_from ${[...new Set(next)].join(' ')}`] : [];
    const condition = [...seen, ...unseen].join('; and ') || 'true';
    for (const word of words) {
      const what = word.startsWith('--') ? `-l ${word.slice(2)}` : `-a ${word}`;
      lines.push(`complete -c pianola -n '${condition}' ${what}`);
    }
  }
  for (const [option, list] of Object.entries(values())) {
    lines.push(`complete -c pianola -l ${option.slice(2)} -x -a '${list.join(' ')}'`);
  }
  return lines.join('\n');
}
