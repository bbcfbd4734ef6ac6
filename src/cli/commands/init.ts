/** `pianola init`: a data directory, and in it the file that its station reads. */
import { join } from 'node:path';
import type { Command } from 'commander';
import { addressesOption, hostOption, urlOption } from '../settings/options.ts';
import { CONFIG_FILE, configText } from '../settings/settings.ts';
import { examples } from '../terminal/help.ts';
import { DEFAULT_DATA, openData, portOption } from '../terminal/options.ts';
import { refuseInTheWay, writeOut } from '../terminal/out-file.ts';
import { printJson, say } from '../terminal/output.ts';
import { timeOfDayOption, timeZoneOption } from './schedule/options.ts';

type Options = {
  data: string;
  url?: string;
  host?: string;
  port?: number;
  trustProxy?: readonly string[];
  at?: string;
  tz?: string;
  force?: boolean;
  json?: boolean;
};

export function registerInit(program: Command): void {
  program
    .command('init')
    .description(`Make a data directory with a commented ${CONFIG_FILE}, which its station reads`)
    .option('--data <dir>', 'data directory; PIANOLA_DATA in the environment', DEFAULT_DATA)
    .option('--url <address>', 'public address, a path included', urlOption)
    .option('--host <address>', 'address to listen on', hostOption)
    .option('--port <n>', 'port', portOption)
    .option('--trust-proxy <addresses>', 'proxies whose forwarded headers are believed', addressesOption)
    .option('--at <hh:mm>', 'every day at this time of day', timeOfDayOption)
    .option('--tz <zone>', 'IANA time zone of the station', timeZoneOption)
    .option('--force', 'replace the file that is there')
    .option('--json', 'print one JSON object')
    .addHelpText(
      'before',
      examples('init', 'init --data /srv/pianola --url https://piano.example/ --trust-proxy loopback'),
    )
    .action(run);
}

async function run(options: Options): Promise<void> {
  const { url, host, port, trustProxy, at, tz, force, json } = options;
  const file = { path: join(await openData(options.data), CONFIG_FILE), force, option: '--data' };
  await refuseInTheWay(file);
  const given = {
    PIANOLA_URL: url === undefined ? undefined : `${url}/`,
    PIANOLA_HOST: host,
    PIANOLA_PORT: port?.toString(),
    PIANOLA_TRUST_PROXY: trustProxy?.join(','),
    PIANOLA_AT: at,
    PIANOLA_TZ: tz,
  };
  const set = Object.entries(given).filter((entry): entry is [string, string] => entry[1] !== undefined);
  await writeOut(file, new TextEncoder().encode(configText(Object.fromEntries(set))));
  if (json) return printJson({ config: file.path, set: set.map(([name]) => name) });
  say(`Wrote ${file.path}; its station starts with: pianola start --data ${options.data}`);
}
