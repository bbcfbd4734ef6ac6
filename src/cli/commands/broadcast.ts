import { type Command, InvalidArgumentError } from 'commander';
import { bothClocks } from '../../schedule/index.ts';
import { minutesText } from '../../words.ts';
import { askOperator } from '../place/ask.ts';
import type { NowAnswer, StationStatus } from '../place/station-actions.ts';
import { confirm } from '../terminal/confirm.ts';
import { examples } from '../terminal/help.ts';
import { DEFAULT_DATA, dateOption } from '../terminal/options.ts';
import { printJson, printLine, say } from '../terminal/output.ts';
import { localTimeZone } from '../terminal/time-zone.ts';
import { extra } from './broadcast-extra.ts';

type Options = { data: string; stage?: string; json?: boolean; dryRun?: boolean; yes?: boolean };

export function registerBroadcast(program: Command): void {
  const broadcast = program
    .command('broadcast')
    .description('Steer the station that runs: play now, stop, see what is on the air')
    .addHelpText('before', examples('broadcast now', 'broadcast stop --yes', 'broadcast status --json'));

  common(broadcast.command('now').description("Play today's performance, or another day's, in a moment"))
    .option('--performance <date>', "an earlier day's, in place of today's", dateOption)
    .option('--in <seconds>', 'seconds until it begins', secondsOption, 15)
    .option('--dry-run', 'show what would be played, and play nothing')
    .addHelpText('before', examples('broadcast now', 'broadcast now --performance 2026-11-21 --in 60'))
    .action(now);
  common(
    broadcast
      .command('extra')
      .description('Play the best of what was gone on from, besides what the windows play'),
  )
    .option('--from <dir>', 'a folder that continue has answered; of a stage, its archive')
    .option('--since <hours>', 'of the last so many hours', hoursOption, 24)
    .option('--in <seconds>', 'seconds until it begins', secondsOption, 15)
    .option('--dry-run', 'show which would be played, and play nothing')
    .addHelpText(
      'before',
      examples('broadcast extra --from prompts/ --dry-run', 'broadcast extra --stage prod'),
    )
    .action(extra);
  common(broadcast.command('stop').description('Stop what is on the air, at once'))
    .option('--dry-run', 'show what would be stopped, and stop nothing')
    .option('--yes', 'do not ask')
    .addHelpText('before', examples('broadcast stop', 'broadcast stop --yes'))
    .action(stop);
  common(broadcast.command('status').description('Show what is on the air'))
    .addHelpText('before', examples('broadcast status', 'broadcast status --json'))
    .action(status);
}

async function now(options: Options & { performance?: string; in: number }): Promise<void> {
  const { performance, dryRun } = options;
  const answer = (await askOperator(options, 'broadcast-now', {
    inMs: options.in * 1000,
    ...(performance === undefined ? {} : { performance }),
    ...(dryRun ? { dryRun } : {}),
  })) as NowAnswer;
  if (options.json) return printJson({ ...answer, written: !dryRun });
  printLine(answer.broadcast);
  const when = bothClocks(localTimeZone(), answer.startsAt);
  say(
    `${dryRun ? 'Would play' : 'Playing'} ${answer.performance} (${minutesText(answer.durationMs)}) at ${when}`,
  );
}

async function stop(options: Options): Promise<void> {
  const { dryRun } = options;
  const ask = async (input: { dryRun?: boolean }) =>
    (await askOperator(options, 'broadcast-stop', input)) as { broadcast: string };
  if (!dryRun && !options.yes) {
    // Where nothing is on the air there is nothing to ask.
    const found = await ask({ dryRun: true });
    await confirm(`Stop ${found.broadcast}? Everybody falls silent.`, options);
  }
  const answer = await ask(dryRun ? { dryRun } : {});
  if (options.json) printJson({ ...answer, stopped: !dryRun });
  else say(`${dryRun ? 'Would stop' : 'Stopped'} ${answer.broadcast}`);
}

async function status(options: Options): Promise<void> {
  const found = (await askOperator(options, 'status')) as StationStatus;
  if (options.json) return printJson(found);
  for (const line of statusLines(found)) printLine(line);
}

/** What is on the air, and what comes, in a line each. */
export function statusLines({ broadcast, listeners, next }: StationStatus): string[] {
  const zone = localTimeZone();
  const lines: string[] = [];
  if (broadcast) {
    const { id, state, performance, encore, durationMs, positionMs, epoch } = broadcast;
    const what = performance ? `${performance}${encore ? ', an encore' : ''}` : 'no performance yet';
    const where =
      state === 'live' && durationMs ? `, ${minutesText(positionMs)} of ${minutesText(durationMs)}` : '';
    lines.push(`broadcast    ${id}: ${state}, ${what}${where} (broadcaster ${epoch})`);
  } else lines.push('broadcast    none so far');
  lines.push(`listeners    ${listeners}`);
  lines.push(`next         ${next === null ? 'none' : bothClocks(zone, next)}`);
  return lines;
}

function hoursOption(text: string): number {
  const hours = Number(text);
  if (!/^\d+$/.test(text) || hours < 1 || hours > 8784)
    throw new InvalidArgumentError('Give whole hours from 1 to 8784.');
  return hours;
}
const LONGEST_S = 3600;
function secondsOption(text: string): number {
  const seconds = Number(text);
  if (!/^\d+$/.test(text) || seconds > LONGEST_S) {
    throw new InvalidArgumentError(`Give whole seconds from 0 to ${LONGEST_S}.`);
  }
  return seconds;
}

const common = (command: Command): Command =>
  command
    .option('--data <dir>', 'data directory of the station', DEFAULT_DATA)
    .option('--stage <name>', 'a stage on AWS, in place of the local station')
    .option('--json', 'print one JSON object');
