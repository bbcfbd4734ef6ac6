/** `pianola start`: the whole of a station in one process. */

import { resolve } from 'node:path';
import type { Command } from 'commander';
import { logFile } from '../../../adapters/disk/log.ts';
import { askStation, serveControl } from '../../../adapters/net/control.ts';
import { frontOf } from '../../../adapters/net/front.ts';
import { clockOf, systemClock } from '../../../adapters/system-clock.ts';
import { minutesBefore } from '../../../compose/day.ts';
import { openStation, type Station, StationRunsError } from '../../../local/station.ts';
import { readTls, watchTls } from '../../../local/tls-files.ts';
import { webhook } from '../../../local/webhook.ts';
import type { Log } from '../../../ports.ts';
import { openRenderer } from '../../../rendering/renderer.ts';
import { bothClocks, DEFAULT_TIME_OF_DAY } from '../../../schedule/index.ts';
import { stationActions } from '../../place/station-actions.ts';
import { addressesOption, hostOption, urlOption } from '../../settings/options.ts';
import { readSettings } from '../../settings/settings.ts';
import { examples } from '../../terminal/help.ts';
import { DEFAULT_DATA, minutesOption, openData, portOption } from '../../terminal/options.ts';
import { CliError, printJson, say } from '../../terminal/output.ts';
import { localTimeZone } from '../../terminal/time-zone.ts';
import { timeOfDayOption, timeZoneOption } from '../schedule/options.ts';
import { composer } from './compose.ts';
import { type FirstPorts, playFirst } from './first.ts';
import { outliveTerminal, stopOnSignal } from './lifetime.ts';
import { DEFAULT_PORT, orNone, portOfEnvironment, tlsFilesOf, webhookOf } from './settled.ts';
import { tellComposing } from './tell.ts';
import { openForVisitors } from './visitors.ts';

const DEFAULT_HOST = '127.0.0.1';
/** Short, so that a newcomer waits little. */
const DEFAULT_MINUTES = 5;

type Options = {
  host?: string;
  port?: number;
  url?: string;
  trustProxy?: readonly string[];
  tlsCert?: string;
  tlsKey?: string;
  data: string;
  at?: string;
  tz?: string;
  /** `--no-first` makes it false. */
  first?: boolean;
  /** `--no-play` makes it false. */
  play?: boolean;
  minutes?: number;
  model?: string;
  json?: boolean;
};

export function registerStart(program: Command): void {
  program
    .command('start')
    .description(
      'Everything in one process: compose today, play it from its first movement on, and then every day',
    )
    .option('--port <n>', `port; PORT in the environment, or ${DEFAULT_PORT}`, portOption)
    .option('--host <address>', `address to listen on, or ${DEFAULT_HOST}: this machine alone`, hostOption)
    .option('--url <address>', 'public address, a path included: told in feeds, calendar, cards', urlOption)
    .option(
      '--trust-proxy <addresses>',
      'proxies whose forwarded headers are believed: addresses, networks or loopback; commas between',
      addressesOption,
    )
    .option('--tls-cert <file>', 'certificate chain, PEM; read again when it is renewed')
    .option('--tls-key <file>', 'its key')
    .option('--data <dir>', 'data directory; PIANOLA_DATA in the environment', DEFAULT_DATA)
    .option(
      '--at <hh:mm>',
      `every day at this time of day, as long as no window is stored, or ${DEFAULT_TIME_OF_DAY}`,
      timeOfDayOption,
    )
    .option(
      '--tz <zone>',
      "IANA time zone of the station; this machine's where none is given",
      timeZoneOption,
    )
    .option('--first', 'play the piece of the day at once (as it does unless told otherwise)')
    .option('--no-first', 'play nothing before the first time of day')
    .option(
      '--play',
      'visitors may give music to be gone on from, on /play/ (as they may unless told otherwise)',
    )
    .option('--no-play', 'they may not')
    .option('--minutes <m>', `length of a day's performance, or ${DEFAULT_MINUTES}`, minutesOption)
    .option('--model <dir>', 'directory of the model; the one in use where none is given')
    .option('--json', 'print events as JSON lines')
    .addHelpText(
      'before',
      examples(
        'start --port 8080',
        'start --at 21:00 --tz Europe/Berlin --no-first',
        'start --url https://piano.example/ --trust-proxy loopback',
      ),
    )
    .action(run);
}

async function run(given: Options): Promise<void> {
  const stop = stopOnSignal();
  outliveTerminal();
  const settings = await readSettings(given.data);
  const options = {
    ...given,
    at: given.at ?? settings.PIANOLA_AT ?? DEFAULT_TIME_OF_DAY,
    play: given.play ?? settings.PIANOLA_PLAY ?? true,
    first: given.first ?? settings.PIANOLA_FIRST ?? true,
    minutes: given.minutes ?? settings.PIANOLA_MINUTES ?? DEFAULT_MINUTES,
    ...orNone('model', given.model ?? settings.PIANOLA_MODEL),
  };
  const timeZone = given.tz ?? settings.PIANOLA_TZ ?? localTimeZone();
  const port = given.port ?? settings.PIANOLA_PORT ?? portOfEnvironment();
  const host = given.host ?? settings.PIANOLA_HOST ?? DEFAULT_HOST;
  const url = given.url ?? settings.PIANOLA_URL;
  const front = {
    url,
    // Whoever listens for others is asked by whatever address they have of it.
    byAddress: host !== DEFAULT_HOST,
    hosts: [host],
    proxies: given.trustProxy ?? settings.PIANOLA_TRUST_PROXY ?? [],
  };
  const tls = tlsFilesOf(
    given.tlsCert ?? settings.PIANOLA_TLS_CERT,
    given.tlsKey ?? settings.PIANOLA_TLS_KEY,
  );
  // Only what was told rightly makes anything.
  const dataDir = await openData(given.data);
  // One of an earlier version holds no lock.
  if (await askStation(dataDir, 'status')) throw running(options.data);
  let hook: Log = () => {};
  const keep = logFile(dataDir, systemClock);
  const log: Log = (event, details) => {
    keep(event, details);
    if (options.json) printJson({ at: systemClock.now(), event, ...details });
    else tell(event, details);
    hook(event, details);
  };
  let opened: Station | null = null;
  const clock = clockOf({ held: () => opened?.onAir() ?? false, log });
  const visited = await openForVisitors(options, frontOf(front).root, { dataDir, clock, log });
  const station = await openStation({
    dataDir,
    host,
    port,
    front,
    tls: tls && (await readTls(tls)),
    ...orNone('metricsFrom', settings.PIANOLA_METRICS_FROM),
    fetchedAbove: settings.PIANOLA_FETCHED_ABOVE,
    ...visited,
    renderer: openRenderer(log),
    timeZone,
    timeOfDay: options.at,
    log,
    clock,
  }).catch((error: unknown) => {
    throw error instanceof StationRunsError ? running(options.data, error) : error;
  });
  opened = station;
  const hooked = webhookOf(settings, station.url);
  if (hooked) hook = webhook(hooked, { clock: systemClock, log: keep }, stop);
  const unwatch = tls ? watchTls(tls, { renew: station.renewTls, log }) : () => {};
  let control: { close(): Promise<void> } | null = null;
  try {
    const actions = stationActions({ ...station, timeZone });
    control = await serveControl(dataDir, station.url, actions, station.here);
    log('station.started', { url: station.url });
    const here = station.url === station.here ? '' : `, here ${station.here}`;
    say(`Pianola is on ${station.url}${here} (data in ${resolve(options.data)}; Ctrl-C stops it)`);
    await play(station, { ...options, timeZone, clock, stop, dataDir });
  } catch (error) {
    if (!stop.aborted) throw error;
  } finally {
    unwatch();
    await control?.close();
    await visited.continuing?.close();
    await station.close();
    log('station.stopped');
  }
}

type Running = Omit<Options, 'first' | 'minutes'> & {
  readonly first: boolean;
  readonly minutes: number;
  readonly timeZone: string;
  readonly clock: typeof systemClock;
  readonly stop: AbortSignal;
  readonly dataDir: string;
};

/** Plays by the windows, and today's piece before, where that is wanted; until stopped. */
async function play(station: Station, options: Running): Promise<void> {
  const { timeZone, clock, stop } = options;
  const ensure = composer(station.performances, options, stop, station.growing);
  const over = new AbortController();
  const signal = AbortSignal.any([stop, over.signal]);
  const daily = station.run(async (date, minutesAtMost) => {
    await ensure(date, minutesBefore(minutesAtMost, options.minutes));
  }, signal);
  const first = async () => {
    // Whoever stored windows has said when to play.
    const windows = await station.windows.list();
    if (windows.length === 0 && options.first) {
      const told = tellComposing(station, () => performance.now());
      const today: FirstPorts['ensure'] = (date, watching) =>
        ensure(date, options.minutes, {
          ...told,
          onProgress(progress) {
            told.onProgress(progress);
            watching.onProgress(progress);
          },
          onMovement(...soFar) {
            told.onMovement(...soFar);
            watching.onMovement(...soFar);
          },
        });
      const ports = { ...station, clock, timeZone, ensure: today, onEarly: told.plays };
      await abortable(playFirst(ports), signal);
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
