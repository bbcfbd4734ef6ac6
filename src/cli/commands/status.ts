import { resolve } from 'node:path';
import type { Command } from 'commander';
import { askStation, readControlFile } from '../../adapters/net/control.ts';
import { bothClocks, upcoming } from '../../schedule/index.ts';
import { windowsInForce } from '../../station/arm.ts';
import { minutesText } from '../../words.ts';
import { askOperator, unwrap } from '../place/ask.ts';
import { openBackend } from '../place/place.ts';
import type { StationStatus } from '../place/station-actions.ts';
import { examples } from '../terminal/help.ts';
import { DEFAULT_DATA } from '../terminal/options.ts';
import { printJson, printLine } from '../terminal/output.ts';
import { localTimeZone } from '../terminal/time-zone.ts';
import { statusLines } from './broadcast.ts';

type Options = { data: string; stage?: string; json?: boolean };

export function registerStatus(program: Command): void {
  program
    .command('status')
    .description('Show the station: whether it runs, what it plays next, what it played last')
    .option('--data <dir>', 'data directory', DEFAULT_DATA)
    .option('--stage <name>', 'a stage on AWS, in place of the data directory')
    .option('--json', 'print one JSON object')
    .addHelpText('before', examples('status', 'status --data .pianola --json'))
    .action(run);
}

async function run(options: Options): Promise<void> {
  const backend = await openBackend(options);
  const windows = await windowsInForce(backend.windows, backend.otherwise);
  const stored = await backend.windows.list();
  const next = upcoming(windows, backend.clock.now()).next().value ?? null;
  const last = (await backend.records.list())[0] ?? null;
  const days = await backend.performances.list();
  const local = options.stage === undefined;
  const answer = local ? await askStation(resolve(options.data), 'status') : null;
  const station = (
    local ? answer && unwrap(answer) : await askOperator(options, 'status')
  ) as StationStatus | null;
  const file = local && station ? await readControlFile(resolve(options.data)) : null;
  const running = file && { pid: file.pid, url: file.url, startedAt: file.startedAt };
  const where = running ? `runs, ${running.url} (process ${running.pid})` : `does not run on ${backend.name}`;
  if (options.json) {
    const performances = { count: days.length, newest: days[0] ?? null };
    return printJson({
      running: station && { ...running, ...station },
      windows: stored.length,
      next,
      performances,
      last,
    });
  }
  printLine(`station      ${local ? where : backend.name}`);
  if (station) for (const line of statusLines(station)) printLine(line);
  else printLine(`next         ${next ? bothClocks(next.timeZone, next.startsAt) : 'none'}`);
  printLine(
    `windows      ${stored.length === 0 ? 'none stored: every day at the default time' : stored.length}`,
  );
  printLine(`archive      ${days.length === 0 ? 'empty' : `${days.length}, the newest ${days[0]}`}`);
  if (!last) return;
  const length = last.durationMs === null ? 'silent' : minutesText(last.durationMs);
  printLine(
    `last         ${bothClocks(localTimeZone(), last.startsAt)}: ${last.performance ?? 'nothing'}, ${length}, ${last.state}`,
  );
}
