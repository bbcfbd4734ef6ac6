import { type Command, InvalidArgumentError } from 'commander';
import { DEFAULT_LIMIT_MINUTES } from '../../../schedule/index.ts';
import { examples } from '../../terminal/help.ts';
import { countOption, DEFAULT_DATA } from '../../terminal/options.ts';
import {
  boundOption,
  cronOption,
  daysOption,
  instantOption,
  latitudeOption,
  limitOption,
  longitudeOption,
  onceOption,
  performanceOption,
  priorityOption,
  skyOption,
  timeOfDayOption,
  timeZoneOption,
  titleOption,
  versionOption,
} from './options.ts';

/** Loaded when run: the almanac and the stores are not needed to show help. */
const actions = () => import('./actions.ts');

export function registerSchedule(program: Command): void {
  const schedule = program
    .command('schedule')
    .description('Decide when the piano plays: windows by the clock, by cron, once, or by the sky')
    .addHelpText(
      'before',
      examples(
        'schedule add --at 20:00 --tz Europe/Berlin --title "Evening"',
        'schedule add --sky sunset --lat 52.52 --lon 13.40 --tz Europe/Berlin',
        'schedule next -n 5',
      ),
    );

  rule(schedule.command('add').description('Add a window'))
    .option('--dry-run', 'show what would be added, and add nothing')
    .addHelpText(
      'before',
      examples(
        'schedule add --at 20:00 --on fri,sat --tz Europe/Berlin --title "Weekend"',
        'schedule add --cron "0 20 * * fri" --tz America/New_York --limit 10',
        'schedule add --once 2026-12-24T18:00 --tz Europe/Berlin --performance 2026-11-21',
        'schedule add --sky full-moon --tz Asia/Kolkata --first-date 2027-01-01',
      ),
    )
    .action(async (options) => (await actions()).add(options));

  common(schedule.command('list').description('List the windows, each with its next broadcast'))
    .addHelpText('before', examples('schedule list', 'schedule list --json'))
    .action(async (options) => (await actions()).list(options));

  common(
    schedule
      .command('next')
      .description('List the coming broadcasts')
      .argument('[window]', 'of this window alone', idArgument)
      .option('-n, --count <n>', 'how many', countOption, 10)
      .option('--after <instant>', 'those after this instant; now where none is given', instantOption),
  )
    .addHelpText(
      'before',
      examples('schedule next', 'schedule next -n 400 --json', 'schedule next evening-k3m9x'),
    )
    .action(async (window, options) => (await actions()).next(window, options));

  common(
    schedule.command('show').description('Show a window whole').argument('<window>', 'its id', idArgument),
  )
    .addHelpText('before', examples('schedule show evening-k3m9x', 'schedule show evening-k3m9x --json'))
    .action(async (window, options) => (await actions()).show(window, options));

  rule(schedule.command('edit').description('Change a window').argument('<window>', 'its id', idArgument))
    .option('--if-version <n>', 'refuse if it is no longer at this version (see show)', versionOption)
    .option('--dry-run', 'show what would change, and change nothing')
    .addHelpText(
      'before',
      examples(
        'schedule edit evening-k3m9x --at 21:00 --if-version 3',
        'schedule edit evening-k3m9x --last-date none',
      ),
    )
    .action(async (window, options) => (await actions()).edit(window, options));

  common(
    schedule
      .command('cancel')
      .description('Remove a window; its coming broadcasts do not happen')
      .argument('<window>', 'its id', idArgument)
      .option('--if-version <n>', 'refuse if it is no longer at this version (see show)', versionOption)
      .option('--dry-run', 'show what would be removed, and remove nothing')
      .option('--yes', 'do not ask'),
  )
    .addHelpText('before', examples('schedule cancel evening-k3m9x --yes'))
    .action(async (window, options) => (await actions()).cancel(window, options));
}

function rule(command: Command): Command {
  return common(
    command
      .option('--at <hh:mm>', 'every day at this time of day', timeOfDayOption)
      .option('--on <days>', 'on these days of the week alone: fri, mon,wed,fri or mon-fri', daysOption)
      .option('--cron <expression>', 'minute hour day-of-month month day-of-week', cronOption)
      .option('--once <datetime>', 'once, like 2026-12-24T18:00', onceOption)
      .option('--sky <event>', 'sunset, sunrise, full-moon or new-moon', skyOption)
      .option('--lat <degrees>', 'latitude for --sky, north is positive', latitudeOption)
      .option('--lon <degrees>', 'longitude for --sky, east is positive', longitudeOption)
      .option('--tz <zone>', "IANA time zone; this machine's where none is given", timeZoneOption)
      .option(
        '--limit <minutes>',
        `longest broadcast; ${DEFAULT_LIMIT_MINUTES} where none is given`,
        limitOption,
      )
      .option(
        '--priority <n>',
        'where two windows would meet, the lower is left out; 0 where none is given',
        priorityOption,
      )
      .option('--first-date <date>', 'no broadcast before this date', boundOption)
      .option('--last-date <date>', 'no broadcast after this date', boundOption)
      .option('--title <text>', 'for listeners and lists', titleOption)
      .option(
        '--performance <which>',
        "today (the day's own), or the date of a fixed one",
        performanceOption,
      ),
  );
}

const common = (command: Command): Command =>
  command
    .option('--data <dir>', 'data directory', DEFAULT_DATA)
    .option('--stage <name>', 'a stage on AWS, in place of the data directory')
    .option('--json', 'print JSON');

function idArgument(text: string): string {
  if (!/^[a-z0-9][a-z0-9-]{0,39}$/.test(text)) {
    throw new InvalidArgumentError('Give the id of a window, as pianola schedule list prints it.');
  }
  return text;
}
