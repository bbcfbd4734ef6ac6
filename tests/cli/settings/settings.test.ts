import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { CONFIG_FILE, configText, readSettings, SETTINGS } from '../../../src/cli/settings/settings.ts';
import { inProcess } from '../../support/in-process.ts';

let data: string;
beforeEach(async () => {
  data = await mkdtemp(join(tmpdir(), 'pianola-settings-'));
});
afterEach(() => rm(data, { recursive: true }));
const write = (text: string) => writeFile(join(data, CONFIG_FILE), text);

test('a setting stands in the file or in the environment, which goes before it; an empty one is none', async () => {
  await write(
    '# a comment\nPIANOLA_URL=https://a.example/piano/ # of ours\nPIANOLA_PORT="81"\n\nPIANOLA_AT=\n',
  );
  const environment = { PIANOLA_PORT: '82', PIANOLA_TZ: '', PIANOLA_TRUST_PROXY: 'loopback, 10.0.0.0/8' };
  expect(await readSettings(data, environment)).toEqual({
    PIANOLA_URL: 'https://a.example/piano',
    PIANOLA_PORT: 82,
    PIANOLA_TRUST_PROXY: ['loopback', '10.0.0.0/8'],
  });
});

test('no file is no settings', async () => expect(await readSettings(data, {})).toEqual({}));

test.each([
  ['PIANOLA_URL', /line 1: give NAME=value/],
  ['\nPIANOLA_ULR=x', /line 2: there is no PIANOLA_ULR; there are PIANOLA_URL, /],
  ['PIANOLA_PORT=x', /PIANOLA_PORT in .*pianola\.conf, line 1 is "x": Give a port/],
  ['PIANOLA_FIRST=maybe', /Give yes or no/],
  ['PIANOLA_FETCHED_ABOVE=many', /Give a whole number, 0 or more/],
  ['PIANOLA_HOST=a b', /Give an address of this machine/],
  ['PIANOLA_PORT=1\nPIANOLA_PORT=2', /line 2: PIANOLA_PORT stands there a second time/],
])('%j is refused with its line', async (text, says) => {
  await write(text);
  await expect(readSettings(data, {})).rejects.toThrow(says);
});

test.each([
  ['PIANOLA_WEBHOOK_SECRET=b3VyIG93biwgYW5kIG5vYm9keSBlbHNlJ3M=', /line 1 is wrong: Give whsec_ and/],
  ['PIANOLA_WEBHOOK=hooks.example/b3VyIG93bi', /line 1 is wrong: Give an address like/],
  [
    'PIANOLA_WEBHOOK=https://us:b3VyIG93bi@hooks.example/',
    /line 1 is wrong: .* without a name and a password/,
  ],
  ['whsec_b3VyIG93biwgYW5kIG5vYm9keSBlbHNlJ3M=', /line 1: give NAME=value/],
])('a secret that is wrong is refused, and not repeated: %s', async (text, says) => {
  await write(text);
  const message = await readSettings(data, {}).then(JSON.stringify, (error: Error) => error.message);
  expect(message).toMatch(says);
  expect(message).not.toContain('b3VyIG93bi');
});

test('the environment’s are named', () =>
  expect(readSettings(data, { PIANOLA_TZ: 'Europe/Berln' })).rejects.toThrow(
    /^PIANOLA_TZ in the environment is "Europe\/Berln": .*Europe\/Berlin/,
  ));

test('what init writes explains every setting, says nothing, and each example in it is one', async () => {
  expect((await inProcess(['init', '--data', data])).code).toBe(0);
  const text = await readFile(join(data, CONFIG_FILE), 'utf8');
  expect(text).toBe(configText());
  expect(await readSettings(data, {})).toEqual({});
  await write(text.replaceAll(/^# (PIANOLA_\w+=)/gm, '$1'));
  expect(Object.keys(await readSettings(data, {}))).toEqual(Object.keys(SETTINGS));
});

test('init writes what it is given, and replaces a file only with --force', async () => {
  const args = ['init', '--data', data, '--url', 'https://a.example', '--at', '9:30', '--json'];
  const { code, stdout } = await inProcess(args);
  expect({ code, set: JSON.parse(stdout).set }).toEqual({ code: 0, set: ['PIANOLA_URL', 'PIANOLA_AT'] });
  const settings = { PIANOLA_URL: 'https://a.example', PIANOLA_AT: '09:30' };
  expect(await readSettings(data, {})).toEqual(settings);
  expect((await inProcess(args)).code).toBe(5);
  expect((await inProcess([...args, '--force'])).code).toBe(0);
});

test('commands tell of the station’s own time and zone', async () => {
  await write('PIANOLA_AT=21:15\nPIANOLA_TZ=Asia/Tokyo\n');
  const { stdout } = await inProcess(['schedule', 'next', '--data', data, '--count', '1', '--json']);
  expect(new Date(JSON.parse(stdout).startsAt).toISOString()).toMatch(/T12:15:00.000Z$/);
});
