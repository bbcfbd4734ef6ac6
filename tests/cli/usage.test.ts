import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Command } from 'commander';
import { pianola } from '../../src/cli/main.ts';
import { inProcess, lines } from '../support/in-process.ts';

let data: string;
beforeAll(async () => {
  data = await mkdtemp(join(tmpdir(), 'pianola-usage-'));
});
afterAll(() => rm(data, { recursive: true, force: true }));

type Path = readonly string[];
const all = (command: Command, path: Path = []): (readonly [Path, Command])[] => [
  [path, command],
  ...command.commands.flatMap((sub) => all(sub, [...path, sub.name()])),
];
const COMMANDS = all(await pianola());

describe('help', () => {
  test.each(COMMANDS.map(([path]) => [path.join(' ') || '(all)', path] as const))(
    '%s: examples first, and each begins with the command itself',
    async (_, path) => {
      const { code, stdout, stderr } = await inProcess([...path, '--help']);
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      const [first, ...rest] = lines(stdout);
      expect(first).toMatch(/^Examples?:$/);
      const examples = rest.slice(
        0,
        rest.findIndex((line) => line.startsWith('Usage:')),
      );
      expect(examples.length).toBeGreaterThan(0);
      for (const example of examples) expect(example).toMatch(new RegExp(`^  pianola ${path.join(' ')}`));
      expect(stdout).toContain('Usage: pianola');
    },
  );

  test('what an example shows is understood: no example has an option that its command lacks', async () => {
    for (const [path, command] of COMMANDS) {
      const { stdout } = await inProcess([...path, '--help']);
      for (const example of lines(stdout).filter((line) => line.startsWith('  pianola '))) {
        const words = example.trim().split(' ').slice(1);
        const deepest = COMMANDS.filter(([other]) => other.every((word, i) => words[i] === word)).at(-1)![1];
        for (const [, long] of example.matchAll(/ (--[a-z0-9-]+)/g)) {
          const known = [...deepest.options, ...command.options].map((option) => option.long);
          expect({ example, known: known.includes(long) }).toEqual({ example, known: true });
        }
      }
    }
  });
});

/** For each option that takes a value: a wrong one, and what the one line says instead. */
const WRONG: readonly (readonly [args: string, option: string, value: string, says: RegExp])[] = [
  ['start', '--port', '70000', /Give a port from 0/],
  ['start', '--host', 'no host', /Give an address of this machine, like 127/],
  ['start', '--url', 'piano.example', /Give an address like https:\/\/piano.example\//],
  ['start', '--trust-proxy', 'nginx', /Give addresses, networks like 10\.0\.0\.0\/8, or loopback/],
  ['start', '--minutes', '0', /Give minutes from 0\.5 to 60/],
  ['compose', '--date', '2026-02-30', /Give a date as YYYY-MM-DD/],
  ['compose', '--seed', '1.5', /Give a whole number from 0/],
  ['compose', '--minutes', '61', /Give minutes from 0\.5 to 60/],
  ['compose', '--candidates', '0', /Give a whole number from 1 to 32/],
  ['compose', '--prelude', '0.4', /Give minutes from 0\.5 to 60/],
  ['compose', '--deadline', 'soon', /Give seconds, up to 86400/],
  ['compose', '--tokens', '0', /Give a whole number from 1 to 10000000/],
  ['continue a.mid', '--minutes', 'long', /Give minutes from 0\.5 to 60/],
  ['continue a.mid', '--seed', '-1', /Give a whole number from 0/],
  ['replay a.mid', '--speed', '0', /Give a factor from 0\.1/],
  ['replay a.mid', '--from', '1:75', /Give minutes and seconds as M:SS/],
  ['replay a.mid', '--port', 'http', /Give a port from 0/],
  ['schedule add', '--at', '24:00', /Give a time of day from 00:00 to 23:59/],
  ['schedule add', '--at', '20:00:60', /Give a time of day from 00:00 to 23:59/],
  ['schedule add', '--on', 'someday', /Give weekdays like fri/],
  ['schedule add', '--cron', '0 25 * * *', /"25" is no hour: give 0 to 23/],
  ['schedule add', '--cron', '0 20 * *', /has 4 fields; give five/],
  ['schedule add', '--once', 'tomorrow', /Give a date and a time/],
  ['schedule add', '--once', '2026-12-24T18:00:60', /Give a date and a time/],
  ['schedule add', '--once', '2027-02-29T20:00', /Give a date and a time/],
  ['schedule add', '--sky', 'eclipse', /Give one of sunset, sunrise, full-moon, new-moon/],
  ['schedule add', '--lat', '91', /Give degrees from -90 to 90, north is positive/],
  ['schedule add', '--lon', 'east', /Give degrees from -180 to 180, east is positive/],
  ['schedule add', '--tz', 'Europe/Berln', /the nearest is Europe\/Berlin/],
  ['schedule add', '--tz', '+02:00', /Give an IANA name like Europe\/Berlin/],
  ['schedule add', '--limit', '0', /Give minutes from 1 to 180/],
  ['schedule add', '--priority', '1.5', /Give a whole number/],
  ['schedule add', '--first-date', '24.12.2026', /Give a date as YYYY-MM-DD/],
  ['schedule add', '--last-date', '2026-13-01', /Give a date as YYYY-MM-DD/],
  ['schedule add', '--title', 'two\nlines', /Give one line of at most 100 characters/],
  ['schedule add', '--performance', 'yesterday', /Give today, or the date/],
  ['schedule edit a', '--if-version', '0', /Give the version that pianola schedule show prints/],
  ['schedule next', '--count', '0', /Give a whole number from 1 to 100000/],
  ['broadcast extra', '--since', 'ever', /hours/],
  ['schedule next', '--after', 'noon', /Give a date, or an instant/],
  ['schedule cancel a', '--if-version', 'latest', /Give the version/],
  ['broadcast now', '--performance', 'today', /Give a date as YYYY-MM-DD/],
  ['broadcast now', '--in', '-5', /Give whole seconds from 0 to 3600/],
  ['prompts put a.mid', '--date', 'tomorrow', /Give a date as YYYY-MM-DD/],
  ['logs', '--lines', 'all', /Give a whole number from 1/],
  ['corpus collect a', '--held-out', '41', /Give a whole number from 1 to 40/],
  ['corpus collect a', '--contact', 'me', /Give an e-mail address, or a web address/],
  ['corpus collect a', '--rate', '21', /Give requests a second, from 0\.01 to 20/],
  ['corpus collect a', '--most', '0', /Give a whole number from 1/],
  ['corpus publish a', '--takedown', 'javascript:alert(1)@x', /Give an e-mail address, or a web address/],
  ['doctor', '--port', '-1', /Give a port from 0/],
  ['doctor', '--ntp', 'no host', /Give the name or address of a time server/],
];
/** Paths and names: any text is one; what is wrong with it shows when it is used. */
const FREE = [
  '--tls-cert',
  '--tls-key',
  '--data',
  '--stage',
  '--model',
  '--out',
  '--png',
  '--mp3',
  '--sheet',
  '--corpus',
  '--broadcast',
];

describe('a wrong value is told in one line, with what to give instead: 2', () => {
  test.each(WRONG)('%s %s %j', async (command, option, value, says) => {
    const { code, stdout, stderr } = await inProcess([...command.split(' '), option, value]);
    expect({ code, stdout, lines: lines(stderr).length }).toEqual({ code: 2, stdout: '', lines: 1 });
    expect(stderr).toMatch(/^pianola: /);
    expect(stderr).toContain(option);
    expect(stderr).toMatch(says);
  });

  test('every option that takes a value is among them', () => {
    const tried = new Set(WRONG.map(([, option]) => option));
    const untried = COMMANDS.flatMap(([path, command]) =>
      command.options
        .filter((option) => (option.required || option.optional) && !FREE.includes(option.long!))
        .filter((option) => !tried.has(option.long!))
        .map((option) => `${path.join(' ')} ${option.long}`),
    );
    expect(untried).toEqual([]);
  });

  const COMBINATIONS: readonly (readonly [string, RegExp])[] = [
    ['schedule add', /say when: --at 20:00/],
    ['schedule add --at 20:00 --sky sunset', /--at, --cron, --once and --sky exclude each other/],
    ['schedule add --on fri --cron 0_20_*_*_*', /--on goes with --at/],
    ['schedule add --at 20:00 --lat 5', /--lat and --lon go with --sky/],
    ['schedule add --sky sunset --lat 52.5', /needs a place: give --lat and --lon/],
    ['schedule add --at 20:00 --first-date 2027-02-01 --last-date 2027-01-01', /swap them/],
    ['schedule add --once 2020-01-01T20:00', /would never be played/],
    ['schedule add --at 20:00 --last-date 2020-01-01', /would never be played/],
    [
      'schedule add --once 2027-10-31T02:30+01:00 --tz Europe/Berlin',
      /comes twice .* only the first can be had/,
    ],
    ['schedule show UPPER', /Give the id of a window/],
    ['replay a.mid --broadcast x', /--broadcast goes with --verify/],
    ['models promote xyz', /Give 4 to 64 digits of a sha256/],
    ['schedule frobnicate', /unknown command 'frobnicate'/],
    ['start --tls-cert a.pem', /a certificate and its key go together/],
    ['status --frobnicate', /unknown option '--frobnicate'/],
    ['schedule show', /missing required argument 'window'/],
    ['replay a.mid b.mid', /too many arguments/],
    ['completion tcsh', /bash, zsh, fish/],
  ];
  test.each(COMBINATIONS)('%s', async (command, says) => {
    const args = command.split(' ').map((word) => word.replaceAll('_', ' '));
    const where = /^(schedule add|status|start)/.test(command) ? ['--data', data] : [];
    const { code, stdout, stderr } = await inProcess([...args, ...where]);
    expect({ code, stdout, lines: lines(stderr).length }).toEqual({ code: 2, stdout: '', lines: 1 });
    expect(stderr).toMatch(says);
  });

  test('with --json it is one JSON object', async () => {
    const { code, stderr } = await inProcess(['schedule', 'add', '--tz', 'Asia/Kolkatta', '--json']);
    expect(code).toBe(2);
    const { error } = JSON.parse(stderr);
    expect(error.code).toBe('usage');
    expect(error.message).toContain('the nearest is Asia/Kolkata');
  });
});
