/**
 * What a station of one's own is told once and for all: by the environment, or by `pianola.conf` in its data directory.
 * Both have the same names and the same forms; an option of the command line goes before the environment, and that
 * before the file.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { proxiesOf, siteUrlOf } from '../../adapters/net/front.ts';
import { keyOf } from '../../local/webhook.ts';
import { timeOfDayOption, timeZoneOption } from '../commands/schedule/options.ts';
import { minutesOption, portOption } from '../terminal/options.ts';
import { CliError } from '../terminal/output.ts';

export const CONFIG_FILE = 'pianola.conf';

type Setting<T> = {
  /** @throws where the text is no such value; the message says what to give */
  readonly parse: (text: string) => T;
  /** For the file that `init` writes. */
  readonly about: string;
  readonly example: string;
  /** What is given stands in no message: messages end up in logs. */
  readonly secret: boolean;
};
const setting = <T>(parse: (text: string) => T, example: string, about: string): Setting<T> => ({
  ...{ parse, about, example, secret: false },
});
const secret = <T>(...about: Parameters<typeof setting<T>>): Setting<T> => ({
  ...setting(...about),
  secret: true,
});

/** By the name of the environment's variable. */
export const SETTINGS = {
  PIANOLA_URL: setting(
    urlSetting,
    'https://piano.example/',
    'Public address, a path included: told in feeds, calendar, link cards.',
  ),
  PIANOLA_HOST: setting(
    hostSetting,
    '127.0.0.1',
    'Address to listen on. 127.0.0.1: this machine alone, as behind a proxy on it; 0.0.0.0 or ::, all.',
  ),
  PIANOLA_PORT: setting(portOption, '8080', 'Port to listen on.'),
  PIANOLA_TRUST_PROXY: setting(
    addressesSetting,
    'loopback',
    "Proxies whose X-Forwarded headers are believed: addresses, networks, or loopback; commas between. Without it a proxy's listeners are one address.",
  ),
  PIANOLA_TLS_CERT: setting(
    pathSetting,
    '/etc/letsencrypt/live/piano.example/fullchain.pem',
    'Certificate chain, where no proxy speaks TLS for it. Looked at every half minute.',
  ),
  PIANOLA_TLS_KEY: setting(pathSetting, '/etc/letsencrypt/live/piano.example/privkey.pem', 'Its key.'),
  PIANOLA_METRICS_FROM: setting(
    addressesSetting,
    'loopback, 10.0.0.0/8',
    'Who may read /metrics: addresses, networks, or loopback, which it is where nobody is named.',
  ),
  // Whoever has such an address may often post to it.
  PIANOLA_WEBHOOK: secret(
    webhookSetting,
    'https://hooks.example/pianola',
    'Where doors, live, ended and failed are posted to (Standard Webhooks); only together with its secret.',
  ),
  PIANOLA_WEBHOOK_SECRET: secret(
    secretSetting,
    'whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=',
    'What the posts are signed with: whsec_ and what openssl rand -base64 32 prints. Of this example nobody should make use.',
  ),
  PIANOLA_AT: setting(timeOfDayOption, '20:00', 'When it plays every day, as long as no window is stored.'),
  PIANOLA_TZ: setting(timeZoneOption, 'Europe/Berlin', "Its time zone; this machine's, where none is given."),
  PIANOLA_FIRST: setting(yesSetting, 'no', 'Whether a start plays the piece of the day at once.'),
  PIANOLA_PLAY: setting(
    yesSetting,
    'no',
    'Whether visitors may give music of their own to be gone on from, on /play/.',
  ),
  PIANOLA_FETCHED_ABOVE: setting(
    countSetting,
    '2000',
    'With more listeners than this, pages fetch the music as files, which a cache in front of the station may keep.',
  ),
  PIANOLA_MINUTES: setting(minutesOption, '5', "Length of a day's performance."),
  PIANOLA_MODEL: setting(
    pathSetting,
    '/srv/pianola/model',
    'Directory of the model; the one in use, where none is given.',
  ),
} as const;

type Names = keyof typeof SETTINGS;
export type Settings = { readonly [N in Names]?: ReturnType<(typeof SETTINGS)[N]['parse']> };

/** @throws RangeError */
export function urlSetting(text: string): string {
  return siteUrlOf(text);
}
/** @throws RangeError */
export function hostSetting(text: string): string {
  if (/^[\w.:-]+$/.test(text)) return text;
  throw new RangeError('Give an address of this machine, like 127.0.0.1, 0.0.0.0 or ::.');
}
/** @throws RangeError */
export function addressesSetting(text: string): readonly string[] {
  const names = text.split(',').map((name) => name.trim());
  proxiesOf(names);
  return names;
}
/** @throws RangeError */
function webhookSetting(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  // Node posts to no address with a password, and would put it into the log each time.
  if (url && /^https?:$/.test(url.protocol) && !url.username && !url.password) return text;
  throw new RangeError('Give an address like https://hooks.example/pianola, without a name and a password.');
}
/** @throws RangeError */
function secretSetting(text: string): string {
  keyOf(text);
  return text;
}
function pathSetting(text: string): string {
  if (text.trim() !== '') return text;
  throw new RangeError('Give a path.');
}
function countSetting(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new RangeError('Give a whole number, 0 or more.');
}
function yesSetting(text: string): boolean {
  if (/^(yes|no)$/i.test(text)) return text.toLowerCase() === 'yes';
  throw new RangeError('Give yes or no.');
}

/**
 * What the environment and the file of a data directory say.
 * @throws CliError, exit 2, that names the variable, or the file and the line
 */
export async function readSettings(dataDir: string, environment = process.env): Promise<Settings> {
  const file = join(dataDir, CONFIG_FILE);
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (['ENOENT', 'ENOTDIR'].includes(error.code ?? '')) return '';
    throw error;
  });
  const written = parseConfig(text, file);
  const given: Record<string, unknown> = {};
  for (const [name, how] of Object.entries(SETTINGS)) {
    const value = environment[name];
    // An empty one is none, as compose files and units write it.
    if (value) given[name] = parsed(how, value, `${name} in the environment`);
    else if (written.has(name)) given[name] = parsed(how, ...written.get(name)!);
  }
  return given as Settings;
}

/** Each setting's text, and where it stands. */
function parseConfig(text: string, file: string): ReadonlyMap<string, readonly [string, string]> {
  const found = new Map<string, readonly [string, string]>();
  for (const [i, line] of text.split(/\r?\n/).entries()) {
    const where = `${file}, line ${i + 1}`;
    const refuse = (why: string) => new CliError('usage', 'bad_config', `${where}: ${why}`);
    if (/^\s*(#|$)/.test(line)) continue;
    const [name, value] = Object.entries(parseEnv(line))[0] ?? [];
    // What is no name may be a secret, whose base64 ends in =.
    if (name === undefined || value === undefined || !/^[A-Z_]+$/.test(name))
      throw refuse('give NAME=value, or begin it with #');
    if (!Object.hasOwn(SETTINGS, name))
      throw refuse(`there is no ${name}; there are ${Object.keys(SETTINGS).join(', ')}`);
    if (found.has(name)) throw refuse(`${name} stands there a second time`);
    if (value !== '') found.set(name, [value, `${name} in ${where}`]);
  }
  return found;
}

function parsed({ parse, secret }: Setting<unknown>, text: string, where: string): unknown {
  try {
    return parse(text);
  } catch (cause) {
    const what = secret ? 'wrong' : `"${text}"`;
    throw new CliError('usage', 'bad_setting', `${where} is ${what}: ${(cause as Error).message}`, { cause });
  }
}

/** The file that `init` writes: every setting, explained, and none of them in force but those that are given. */
export function configText(given: Readonly<Record<string, string>> = {}): string {
  const head = [
    '# Pianola: what this station is told once and for all. Lines that begin with # say nothing; the same names work in',
    '# the environment, which goes before this file, as the options of the command line go before both.',
  ];
  const lines = Object.entries(SETTINGS).flatMap(([name, { about, example }]) => [
    '',
    `# ${about}`,
    given[name] === undefined ? `# ${name}=${example}` : `${name}=${given[name]}`,
  ]);
  return `${[...head, ...lines].join('\n')}\n`;
}
