import { resolve } from 'node:path';
import type { Command } from 'commander';
import { logFile } from '../../adapters/disk/log.ts';
import { fileWindows } from '../../adapters/disk/windows.ts';
import { askStation, serveControl } from '../../adapters/net/control.ts';
import { systemClock } from '../../adapters/system-clock.ts';
import { composeDay, minutesBefore } from '../../compose/day.ts';
import { openStation, type Station } from '../../local/station.ts';
import type { Log } from '../../ports.ts';
import { bothClocks, DEFAULT_TIME_OF_DAY, dateIn, localTimeZone, nextDaily } from '../../schedule/index.ts';
import { stationActions } from '../place/station-actions.ts';
import { clockText, DEFAULT_DATA, minutesOption, openData, portOption } from '../terminal/options.ts';
import { CliError, printJson, say } from '../terminal/output.ts';
import { composeProgress } from '../terminal/progress.ts';
import { promptOf } from './prompts.ts';

const HOST = '127.0.0.1';
const DEFAULT_PORT = 8080;
/** Short, so that a newcomer waits little. */
const DEFAULT_MINUTES = 5;
/** From the moment that today's performance is ready until it is played, milliseconds. */
const FIRST_IN_MS = 15_000;
/** A terminal's Ctrl-C reaches us twice through npm. */
const SECOND_SIGINT_MS = 2_000;

type Options = { port?: number; data: string; minutes: number; model?: string; json?: boolean };

export function registerStart(program: Command): void {
  program
    .command('start')
    .description('Everything in one process: compose today, play it in 15 seconds, and every day at 20:00')
    .option('--port <n>', `port; PORT in the environment, or ${DEFAULT_PORT}`, portOption)
    .option('--data <dir>', 'data directory', DEFAULT_DATA)
    .option('--minutes <m>', "length of a day's performance", minutesOption, DEFAULT_MINUTES)
    .option('--model <dir>', 'directory of the model; the one in use where none is given')
    .option('--json', 'print events as JSON lines')
    .addHelpText('before', 'Example:\n  pianola start --port 8080\n')
    .action(run);
}

async function run(options: Options): Promise<void> {
  const stop = stopOnSignal();
  const timeZone = localTimeZone();
  const port = options.port ?? (process.env.PORT ? portOption(process.env.PORT) : DEFAULT_PORT);
  const dataDir = await openData(options.data);
  if (await askStation(dataDir, 'status')) {
    const message = `a station runs on ${options.data} already: stop it, or take another directory with --data`;
    throw new CliError('conflict', 'station_running', message);
  }
  const keep = logFile(dataDir, systemClock);
  const log: Log = (event, details) => {
    keep(event, details);
    if (options.json) printJson({ at: systemClock.now(), event, ...details });
    else tell(event, details);
  };
  const station = await openStation({
    dataDir,
    host: HOST,
    port,
    assets: await (await import('../../adapters/net/page-bundle.ts')).buildPage(),
    timeZone,
    timeOfDay: DEFAULT_TIME_OF_DAY,
    log,
  });
  const actions = stationActions({
    ...station,
    clock: systemClock,
    timeZone,
    play({ id, ...plan }) {
      station.play(plan).catch((error: unknown) => {
        log('broadcast.failed', {
          broadcast: id,
          reason: error instanceof Error ? error.message : String(error),
        });
      });
    },
  });
  const control = await serveControl(dataDir, station.url, actions);
  log('station.started', { url: station.url });
  say(`Pianola is on ${station.url} (data in ${resolve(options.data)}; Ctrl-C stops it)`);
  try {
    // Whoever stored windows has said when to play.
    const windows = await fileWindows(resolve(dataDir, 'windows')).list();
    if (windows.length === 0) {
      await playFirst(station, timeZone, options, stop);
      say(`Next performance at ${DEFAULT_TIME_OF_DAY} (${timeZone}), and every day.`);
    } else {
      const next = station.nextStart();
      say(`Next performance: ${next === null ? 'none, by the stored windows' : bothClocks(timeZone, next)}.`);
    }
    const ensure = (date: string, minutesAtMost: number) =>
      ensureLater(
        station,
        date,
        { ...options, minutes: minutesBefore(minutesAtMost, options.minutes) },
        log,
        stop,
      );
    await station.runDaily(ensure, stop);
  } catch (error) {
    if (!stop.aborted) throw error;
  } finally {
    log('station.stopped');
    await control.close();
    await station.close();
  }
}

/** Today's performance, 15 s after it is ready. */
async function playFirst(
  station: Station,
  timeZone: string,
  options: Options,
  stop: AbortSignal,
): Promise<void> {
  const today = dateIn(timeZone, systemClock.now());
  const durationMs = await ensure(station, today, options, stop);
  const startsAt = systemClock.now() + FIRST_IN_MS;
  const next = nextDaily(DEFAULT_TIME_OF_DAY, timeZone, startsAt + durationMs);
  say(`Playing ${today} (${clockText(durationMs)}) in ${FIRST_IN_MS / 1000} seconds.`);
  await abortable(station.play({ window: 'first', startsAt, wanted: today, next }), stop);
}

/** Composes a day where it is missing; its duration, milliseconds. */
async function ensure(
  station: Station,
  date: string,
  options: Options,
  signal: AbortSignal,
): Promise<number> {
  const bar = composeProgress(date);
  const day = await composeDay({ date, minutes: options.minutes }, station.performances, async () => {
    say(`Composing ${date}: ${options.minutes} minutes of music.`);
    const { openComposer } = await import('../place/composer.ts');
    return {
      ...(await openComposer(options)),
      clock: systemClock,
      prompt: await promptOrNone(options.data, date),
      onProgress: bar.update,
      signal,
    };
  }).finally(bar.done);
  const record = day.outcome === 'conflict' ? day.existing : day.performance.record;
  return record.durationMs;
}

/** A damaged prompt is no reason for a silent day. */
const promptOrNone = (data: string, date: string): ReturnType<typeof promptOf> =>
  promptOf(data, date).catch((error: Error) => {
    say(`${date} is composed without its prompt: ${error.message}`);
    return null;
  });

/** A day that cannot be composed is answered by an encore, not by a station that falls over. */
async function ensureLater(
  station: Station,
  date: string,
  options: Options,
  log: Log,
  stop: AbortSignal,
): Promise<void> {
  await ensure(station, date, options, stop).catch((error: unknown) => {
    log('compose.failed', { date, reason: error instanceof Error ? error.message : String(error) });
  });
}

function tell(event: string, details: Parameters<Log>[1] = {}): void {
  const figures = Object.entries(details).map(([key, value]) => `${key} ${value}`);
  say(`${new Date().toTimeString().slice(0, 8)}  ${event}  ${figures.join(', ')}`);
}

/** Aborted by the first SIGINT or SIGTERM; one that follows within two seconds is the same wish. */
function stopOnSignal(): AbortSignal {
  const stop = new AbortController();
  let firstAt = 0;
  const onSignal = () => {
    if (stop.signal.aborted && performance.now() - firstAt > SECOND_SIGINT_MS) process.exit(1);
    if (stop.signal.aborted) return;
    firstAt = performance.now();
    say('Stopping.');
    stop.abort(new Error('stopped by a signal'));
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  return stop.signal;
}

const abortable = <T>(promise: Promise<T>, signal: AbortSignal): Promise<T> =>
  new Promise((resolve, reject) => {
    signal.throwIfAborted();
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    promise.then(resolve, reject);
  });
