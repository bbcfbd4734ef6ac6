import type { Command } from 'commander';
import { isoIn } from '../../schedule/index.ts';
import { placeOf } from '../place/place.ts';
import { examples } from '../terminal/help.ts';
import { countOption, DEFAULT_DATA } from '../terminal/options.ts';
import { printJsonText, printLine, say } from '../terminal/output.ts';
import { localTimeZone } from '../terminal/time-zone.ts';

type Options = { data: string; stage?: string; lines: number; follow?: boolean; json?: boolean };

export function registerLogs(program: Command): void {
  program
    .command('logs')
    .description('Show what the station did')
    .option('--follow', 'go on with what it does, until Ctrl-C')
    .option('-n, --lines <n>', 'how many of the last lines', countOption, 20)
    .option('--data <dir>', 'data directory', DEFAULT_DATA)
    .option('--stage <name>', 'a stage on AWS, in place of the data directory')
    .option('--json', 'print one JSON object a line: {"at", "event", …}')
    .addHelpText('before', examples('logs --follow', 'logs -n 100 --json'))
    .action(run);
}

async function run(options: Options): Promise<void> {
  const stop = new AbortController();
  process.once('SIGINT', () => stop.abort());
  process.once('SIGTERM', () => stop.abort());
  // A reader that goes away (head) ends a followed log too.
  process.stdout.on('error', () => stop.abort());
  const { lines, follow = false } = options;
  const place = placeOf(options);
  let none = true;
  for await (const line of place.log(lines, follow, stop.signal)) {
    none = false;
    if (options.json) printJsonText(line);
    else printLine(readable(line));
  }
  if (none && !follow) say(`There is no log yet in ${place.name}: a station writes it.`);
}

function readable(line: string): string {
  let entry: Record<string, unknown>;
  try {
    entry = JSON.parse(line) as Record<string, unknown>;
  } catch {
    return line;
  }
  const { at, event, ...details } = entry;
  const figures = Object.entries(details).map(([key, value]) => `${key} ${value}`);
  const when = typeof at === 'number' ? isoIn(localTimeZone(), at) : '';
  return [when, event, figures.join(', ')].filter(Boolean).join('  ');
}
