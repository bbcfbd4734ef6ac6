/** `pianola start`: the whole of a station in one process. */

import { resolve } from 'node:path';
import type { Command } from 'commander';
import { logFile } from '../../../adapters/disk/log.ts';
import { askStation, serveControl } from '../../../adapters/net/control.ts';
import { clockOf, systemClock } from '../../../adapters/system-clock.ts';
import { minutesBefore } from '../../../compose/day.ts';
import { causesOf } from '../../../errors.ts';
import { openStation, type Station, StationRunsError } from '../../../local/station.ts';
import type { Log } from '../../../ports.ts';
import { bothClocks, DEFAULT_TIME_OF_DAY } from '../../../schedule/index.ts';
import { stationActions } from '../../place/station-actions.ts';
import { DEFAULT_DATA, minutesOption, openData, portOption } from '../../terminal/options.ts';
import { CliError, printJson, say } from '../../terminal/output.ts';
import { localTimeZone } from '../../terminal/time-zone.ts';
import { timeOfDayOption, timeZoneOption } from '../schedule/options.ts';
import { composer } from './compose.ts';
import { playFirst } from './first.ts';
import { outliveTerminal, stopOnSignal } from './lifetime.ts';
import { tellComposing } from './tell.ts';

const HOST = '127.0.0.1';
const DEFAULT_PORT = 8080;
/** Short, so that a newcomer waits little. */
const DEFAULT_MINUTES = 5;

type Options = {
  port?: number;
  data: string;
  at: string;
  tz?: string;
  /** `--no-first` makes it false. */
  first: boolean;
  minutes: number;
  model?: string;
  json?: boolean;
};

export function registerStart(program: Command): void {
  program
    .command('start')
    .description('Everything in one process: compose today, play it in 15 seconds, and then every day')
    .option('--port <n>', `port; PORT in the environment, or ${DEFAULT_PORT}`, portOption)
    .option('--data <dir>', 'data directory', DEFAULT_DATA)
    .option(
      '--at <hh:mm>',
      'every day at this time of day, as long as no window is stored',
      timeOfDayOption,
      DEFAULT_TIME_OF_DAY,
    )
    .option(
      '--tz <zone>',
      "IANA time zone of the station; this machine's where none is given",
      timeZoneOption,
    )
    .option('--no-first', 'play nothing before the first time of day')
    .option('--minutes <m>', "length of a day's performance", minutesOption, DEFAULT_MINUTES)
    .option('--model <dir>', 'directory of the model; the one in use where none is given')
    .option('--json', 'print events as JSON lines')
    .addHelpText(
      'before',
      'Examples:\n  pianola start --port 8080\n  pianola start --at 21:00 --tz Europe/Berlin --no-first\n',
    )
    .action(run);
}

async function run(options: Options): Promise<void> {
  const stop = stopOnSignal();
  outliveTerminal();
  const timeZone = options.tz ?? localTimeZone();
  const port = options.port ?? portOfEnvironment();
  const dataDir = await openData(options.data);
  // One of an earlier version holds no lock.
  if (await askStation(dataDir, 'status')) throw running(options.data);
  const keep = logFile(dataDir, systemClock);
  const log: Log = (event, details) => {
    keep(event, details);
    if (options.json) printJson({ at: systemClock.now(), event, ...details });
    else tell(event, details);
  };
  let opened: Station | null = null;
  const clock = clockOf({ held: () => opened?.onAir() ?? false, log });
  const station = await openStation({
    dataDir,
    host: HOST,
    port,
    assets: await (await import('../../../adapters/net/page-bundle.ts')).buildPage(),
    timeZone,
    timeOfDay: options.at,
    log,
    clock,
  }).catch((error: unknown) => {
    throw error instanceof StationRunsError ? running(options.data, error) : error;
  });
  opened = station;
  let control: { close(): Promise<void> } | null = null;
  try {
    const actions = stationActions({ ...station, timeZone });
    control = await serveControl(dataDir, station.url, actions);
    log('station.started', { url: station.url });
    say(`Pianola is on ${station.url} (data in ${resolve(options.data)}; Ctrl-C stops it)`);
    await play(station, { ...options, timeZone, clock, log, stop, dataDir });
  } catch (error) {
    if (!stop.aborted) throw error;
  } finally {
    log('station.stopped');
    await control?.close();
    await station.close();
  }
}

type Running = Options & {
  readonly timeZone: string;
  readonly clock: typeof systemClock;
  readonly log: Log;
  readonly stop: AbortSignal;
  readonly dataDir: string;
};

/** Plays by the windows, and today's piece before, where that is wanted; until stopped. */
async function play(station: Station, options: Running): Promise<void> {
  const { timeZone, clock, log, stop } = options;
  const ensure = composer(station.performances, options, stop);
  /** A day that cannot be composed is answered by an encore, not by a station that falls over. */
  const ensureOrTell = async (date: string, minutesAtMost: number): Promise<void> => {
    await ensure(date, minutesBefore(minutesAtMost, options.minutes)).catch((error: unknown) => {
      log('compose.failed', { date, reason: causesOf(error) });
    });
  };
  const over = new AbortController();
  const signal = AbortSignal.any([stop, over.signal]);
  const daily = station.run(ensureOrTell, signal);
  const first = async () => {
    // Whoever stored windows has said when to play.
    const windows = await station.windows.list();
    if (windows.length === 0 && options.first) {
      const told = tellComposing(station, () => performance.now());
      const today = (date: string) => ensure(date, options.minutes, told);
      await abortable(playFirst({ ...station, clock, timeZone, ensure: today }), signal);
    }
    const next = await station.nextStart();
    const daily = windows.length === 0 ? ', and every day' : '';
    say(
      next === null
        ? 'Next performance: none, by the stored windows.'
        : `Next performance: ${bothClocks(timeZone, next)}${daily}.`,
    );
  };
  try {
    await Promise.all([daily, first()]);
  } finally {
    over.abort(new Error('the station stops'));
    await Promise.allSettled([daily]);
  }
}

function running(data: string, cause?: Error): CliError {
  const message = `a station runs on ${data} already: stop it, or take another directory with --data`;
  return new CliError('conflict', 'station_running', message, { cause });
}

function portOfEnvironment(): number {
  const text = process.env.PORT;
  if (!text) return DEFAULT_PORT;
  try {
    return portOption(text);
  } catch (cause) {
    const message = `PORT in the environment is "${text}": ${(cause as Error).message}`;
    throw new CliError('usage', 'bad_port', message, { cause });
  }
}

function tell(event: string, details: Parameters<Log>[1] = {}): void {
  const figures = Object.entries(details).map(([key, value]) => `${key} ${value}`);
  say(`${new Date().toTimeString().slice(0, 8)}  ${event}  ${figures.join(', ')}`);
}

const abortable = <T>(promise: Promise<T>, signal: AbortSignal): Promise<T> =>
  new Promise((resolve, reject) => {
    signal.throwIfAborted();
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    promise.then(resolve, reject);
  });
