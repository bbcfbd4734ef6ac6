/** What the commands make of MIDI files from outside: one verdict everywhere, and nothing of theirs obeyed. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { nameFor } from '../../src/cli/commands/corpus/files.ts';
import { html } from '../../src/publish/site/html.ts';
import { inProcess } from '../support/in-process.ts';
import { END_OF_TRACK, ONE_NOTE, smf } from '../support/smf.ts';

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'pianola-attack-'));
});
afterAll(() => rm(root, { recursive: true, force: true }));

const whole = [...ONE_NOTE, ...END_OF_TRACK];
const meta = (type: number, text: string): number[] => {
  const bytes = [...new TextEncoder().encode(text)];
  return [0, 0xff, type, bytes.length, ...bytes];
};
async function file(name: string, bytes: Uint8Array): Promise<string> {
  await mkdir(join(root, 'files'), { recursive: true });
  const path = join(root, 'files', name);
  await writeFile(path, bytes);
  return path;
}
// biome-ignore lint/suspicious/noExplicitAny: tests look into whatever JSON a command prints
const jsonOf = ({ stdout, stderr }: { stdout: string; stderr: string }): any => JSON.parse(stdout || stderr);

const REFUSED: readonly [reason: string, bytes: Uint8Array][] = [
  ['empty', new Uint8Array(0)],
  ['too_large', new Uint8Array(1_000_001)],
  ['not_midi', new TextEncoder().encode('<!doctype html>')],
  ['smpte_time', smf({ tracks: [whole], division: 0xe728 })],
  ['quantity', smf({ tracks: [[0xff, 0xff, 0xff, 0xff, 0x7f, 0x90, 60, 64]] })],
  ['no_notes', smf({ tracks: [END_OF_TRACK] })],
];

test.each(REFUSED)(
  '%s: inspect, replay, continue, prompts and the corpus refuse with the same reason',
  async (reason, bytes) => {
    const path = await file(`${reason}.mid`, bytes);
    const commands = [
      ['inspect', path],
      ['replay', path],
      ['continue', path],
      ['prompts', 'put', path, '--dry-run'],
    ];
    for (const command of commands) {
      const ended = await inProcess([...command, '--data', join(root, 'data'), '--json']);
      const { code, reason: given } = jsonOf(ended).error;
      expect([command[0], ended.code, code, given]).toEqual([command[0], 2, 'bad_midi', reason]);
    }
    await mkdir(join(root, reason));
    await writeFile(join(root, reason, 'a.mid'), bytes);
    const collected = await inProcess([
      'corpus',
      'collect',
      join(root, reason),
      '--out',
      join(root, 'out'),
      '--dry-run',
      '--json',
    ]);
    expect(jsonOf(collected).refused).toMatchObject([{ code: reason }]);
  },
);

test('what is repaired is told alike by inspect, prompts and the corpus', async () => {
  const bytes = Uint8Array.from([
    ...smf({ tracks: [[0, 0x80, 60, 0, ...whole]], format: 1, declared: 3 }),
    13,
    10,
  ]);
  const path = await file('repaired.mid', bytes);
  const codes = ['stray_off', 'trailing_bytes', 'track_count'];
  for (const command of [
    ['inspect', path],
    ['prompts', 'put', path, '--dry-run'],
  ]) {
    const told = jsonOf(await inProcess([...command, '--data', join(root, 'data'), '--json']));
    expect(told.verdict).toBe('accepted with repairs');
    expect(told.repairs.map(({ code }: { code: string }) => code)).toEqual(codes);
  }
  await mkdir(join(root, 'repaired'));
  await writeFile(join(root, 'repaired', 'a.mid'), bytes);
  const collect = [
    'corpus',
    'collect',
    join(root, 'repaired'),
    '--out',
    join(root, 'out'),
    '--dry-run',
    '--json',
  ];
  expect(jsonOf(await inProcess(collect)).repaired).toEqual([{ file: 'repaired/a.mid', repairs: codes }]);
});

/** What a terminal obeys: C0, DEL, C1, and what turns the direction of writing. */
const OBEYED = /[\p{Cc}\p{Bidi_Control}]/u;
const EVIL = '\x1b]0;pwned\x07\x1b[2J<img src=x onerror=alert(1)>../../x\0\u009b31m\u202eRain\nsecond line';

test('case 50: escape sequences, C1 controls, NUL and turned writing in names and markers never reach a terminal', async () => {
  const path = await file('evil.mid', smf({ tracks: [[...meta(3, EVIL), ...meta(6, EVIL), ...whole]] }));
  const { code, stdout, stderr } = await inProcess(['inspect', path]);
  expect(code).toBe(0);
  for (const line of `${stdout}${stderr}`.split('\n')) expect(line).not.toMatch(OBEYED);
  expect(stdout.split('\n')[0]).toMatch(
    /^�\]0;pwned��\[2J<img src=x onerror=alert\(1\)>.*�Rain�second line: 0:00, 1 notes$/,
  );
  expect(stdout).toContain('<img src=x onerror=alert(1)>');
});

test('case 50: in JSON they are escaped, and mean what they meant', async () => {
  const path = await file('evil.mid', smf({ tracks: [[...meta(3, EVIL), ...whole]] }));
  const { stdout } = await inProcess(['inspect', path, '--json']);
  expect(stdout.trimEnd()).not.toMatch(OBEYED);
  expect(JSON.parse(stdout).title).toBe(EVIL);
});

test('case 50: the name of a file in an error is no command to the terminal either', async () => {
  const path = await file('\x1b[2Jevil\u202e.mid', new Uint8Array(0));
  const { stderr } = await inProcess(['inspect', path]);
  expect(stderr.trimEnd()).not.toMatch(OBEYED);
  expect(stderr).toContain('�[2Jevil�.mid');
});

test('case 50: a name is no markup on a page and no path out of a corpus', () => {
  expect(html`<p>${EVIL}</p>`.markup.replaceAll('\n', ' ')).not.toMatch(/<img|\p{Cc}/u);
  const name = nameFor({ source: 'music', name: '../..\\..\\\u202e<img src=x>' }, 'abc', new Set());
  expect(name).toMatch(/^music\/[A-Za-z0-9_][A-Za-z0-9._-]*\.mid$/);
});
