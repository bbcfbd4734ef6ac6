import type { Command } from 'commander';
import { bothClocks, upcoming } from '../../schedule/index.ts';
import { windowsInForce } from '../../station/arm.ts';
import { minutesText } from '../../words.ts';
import { unwrap } from '../place/ask.ts';
import { placeOf } from '../place/place.ts';
import type { StationStatus } from '../place/station-actions.ts';
import { examples } from '../terminal/help.ts';
import { DEFAULT_DATA } from '../terminal/options.ts';
import { EXIT, printJson, printLine } from '../terminal/output.ts';
import { localTimeZone } from '../terminal/time-zone.ts';
import { statusLines } from './broadcast.ts';

type Options = { data: string; stage?: string; check?: boolean; json?: boolean };

export function registerStatus(program: Command): void {
  program
    .command('status')
    .description('Show the station: whether it runs, what it plays next, what it played last')
    .option('--data <dir>', 'data directory', DEFAULT_DATA)
    .option('--stage <name>', 'a stage on AWS, in place of the data directory')
    .option('--check', 'exit with 3 where no station runs, with 1 where one does and something is wrong')
    .option('--json', 'print one JSON object')
    .addHelpText('before', examples('status', 'status --data .pianola --json', 'status --check'))
    .action(run);
}

async function run(options: Options): Promise<void> {
  const place = placeOf(options);
  const backend = await place.open();
  const windows = await windowsInForce(backend.windows, backend.otherwise);
  const stored = await backend.windows.list();
  const next = upcoming(windows, backend.clock.now()).next().value ?? null;
  const last = (await backend.records.list())[0] ?? null;
  const days = await backend.performances.list();
  const answer = await place.ask('status', {});
  const station = answer && (unwrap(answer) as StationStatus);
  const problems = station?.problems ?? [];
  if (options.check)
    process.exitCode = station ? (problems.length > 0 ? EXIT.fault : EXIT.ok) : EXIT.notFound;
  const file = station && (await place.process());
  const running = file && { pid: file.pid, url: file.url, startedAt: file.startedAt };
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
  const runs = running ? `runs, ${running.url} (process ${running.pid})` : place.name;
  printLine(`station      ${station ? runs : `does not run on ${place.name}`}`);
  if (station) for (const line of statusLines(station)) printLine(line);
  else printLine(`next         ${next ? bothClocks(next.timeZone, next.startsAt) : 'none'}`);
  printLine(
    `windows      ${stored.length === 0 ? 'none stored: every day at the default time' : stored.length}`,
  );
  printLine(`archive      ${days.length === 0 ? 'empty' : `${days.length}, the newest ${days[0]}`}`);
  for (const problem of problems) printLine(`look at      ${problem}`);
  if (!last) return;
  const length = last.durationMs === null ? 'silent' : minutesText(last.durationMs);
  printLine(
    `last         ${bothClocks(localTimeZone(), last.startsAt)}: ${last.performance ?? 'nothing'}, ${length}, ${last.state}`,
  );
}
