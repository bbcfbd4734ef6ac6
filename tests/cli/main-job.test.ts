import { hash } from 'node:crypto';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Ended, pianola } from '../support/cli.ts';
import { inProcess } from '../support/in-process.ts';
import { ascii, END_OF_TRACK, ONE_NOTE, smf } from '../support/smf.ts';

const MODEL = resolve(import.meta.dirname, '../../model');
let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'pianola-cli-'));
});
afterAll(() => rm(directory, { recursive: true, force: true }));
const at = (name: string) => join(directory, name);
// Two candidates are a choice already, and half the work of eight.
const SHORT = ['--seed', '7', '--minutes', '0.5', '--candidates', '2'];
const composeTo = (file: string) =>
  pianola(['compose', '--date', '2026-11-21', ...SHORT, '--out', file, '--json']);

describe('a composed file', () => {
  let first: Ended;
  let second: Ended;
  beforeAll(async () => {
    [first, second] = [await composeTo(at('a.mid')), await composeTo(at('b.mid'))];
  });

  test('is the same bytes for the same seed', async () => {
    expect([first.code, second.code]).toEqual([0, 0]);
    expect(await readFile(at('b.mid'))).toEqual(await readFile(at('a.mid')));
  });

  test('is what the JSON says of it', async () => {
    const told = JSON.parse(first.stdout);
    const sha256 = hash('sha256', await readFile(at('a.mid')));
    const model = JSON.parse(await readFile(join(MODEL, 'model.json'), 'utf8'));
    expect(told).toMatchObject({
      seed: 7,
      midiSha256: sha256,
      modelSha256: model.sha256,
      outcome: 'composed',
    });
    expect(told.tokensPerSecond).toBeGreaterThan(0);
    const seen = JSON.parse((await inProcess(['inspect', at('a.mid'), '--json'])).stdout);
    expect([seen.notes.length, seen.durationMs]).toEqual([told.notes, told.durationMs]);
    expect(told.tokens).toBeGreaterThanOrEqual(3 * told.notes);
  });

  test('has no note that is empty, open or struck while it is held', async () => {
    const { notes } = JSON.parse((await inProcess(['inspect', at('a.mid'), '--json'])).stdout);
    const heldUntil = new Map<number, number>();
    for (const [onset, duration, pitch] of notes) {
      expect(duration).toBeGreaterThanOrEqual(1);
      expect(onset).toBeGreaterThanOrEqual(heldUntil.get(pitch) ?? 0);
      heldUntil.set(pitch, onset + duration);
    }
  });

  test('is replayed with every note once, hello first and end last, the same each time', async () => {
    const replay = await pianola(['replay', at('a.mid'), '--speed', '600', '--json']);
    const lines = replay.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines[0]).toMatchObject({ atMs: 0, frame: { type: 'hello', t0: 0, epoch: 1 } });
    const { notes, durationMs } = JSON.parse((await inProcess(['inspect', at('a.mid'), '--json'])).stdout);
    expect(lines.at(-1)).toMatchObject({ atMs: durationMs, frame: { type: 'end' } });
    expect(lines.flatMap(({ frame }) => (frame.type === 'chunk' ? frame.notes : []))).toEqual(notes);
    expect((await pianola(['replay', at('a.mid'), '--speed', '600', '--json'])).stdout).toBe(replay.stdout);
  });

  test('is written without a colour or a cursor movement into a pipe', () => {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: that there is none is the point
    expect(first.stdout + first.stderr).not.toMatch(/\x1b|\r/);
  });
});

describe('bad input ends with one clear line, its exit code, and nothing lost', () => {
  type Run = (args: string[], options: { cwd: string }) => Promise<Ended>;
  const bad = async (args: string[], code: number, says: RegExp, run: Run = inProcess) => {
    const ended = await run(args, { cwd: directory });
    expect({ code: ended.code, stdout: ended.stdout }).toEqual({ code, stdout: '' });
    expect(ended.stderr).toMatch(says);
    expect(ended.stderr).not.toMatch(/\n\s+at /);
  };

  test.each<[string, Uint8Array, RegExp]>([
    [
      'not a MIDI file',
      Uint8Array.from(ascii('<html>')),
      /byte 0: not a MIDI file: it does not begin with "MThd"/,
    ],
    ['an empty file', new Uint8Array(0), /byte 0: the file is empty/],
    [
      'the 34 bytes that run away',
      smf({ tracks: [[0xff, 0xff, 0xff, 0xff, 0x7f, 0x90, 60, 64, ...END_OF_TRACK]] }),
      /byte 22: a variable-length quantity is longer than 4 bytes/,
    ],
    [
      'PPQ 0',
      smf({ tracks: [[...ONE_NOTE, ...END_OF_TRACK]], division: 0 }),
      /byte 12: 0 ticks per quarter note/,
    ],
    [
      'format 2, several songs',
      smf({
        tracks: [
          [...ONE_NOTE, ...END_OF_TRACK],
          [...ONE_NOTE, ...END_OF_TRACK],
        ],
        format: 2,
      }),
      /byte 8: format 2 .* is not supported/,
    ],
  ])('%s: 2', async (_what, bytes, says) => {
    await writeFile(at('bad.mid'), bytes);
    await bad(['replay', 'bad.mid'], 2, says);
    await bad(['inspect', 'bad.mid'], 2, says);
    expect(new Uint8Array(await readFile(at('bad.mid')))).toEqual(bytes);
  });

  test('a file that is not there: 3', () =>
    bad(['inspect', 'nowhere.mid'], 3, /there is no file nowhere\.mid/, pianola));
  test('an unknown date: 3', () =>
    bad(['replay', '2020-01-01'], 3, /no performance of 2020-01-01 .*pianola compose --date 2020-01-01/));
  test('a date that is none: 2', () => bad(['replay', '2026-02-30'], 2, /2026-02-30 is not a date/));
  test.each([
    ['--minutes', '0', /Give minutes from 0\.5 to 60/],
    ['--minutes', 'five', /Give minutes from 0\.5 to 60/],
    ['--seed', '-1', /Give a whole number from 0 to 4294967295/],
    ['--date', '21.11.2026', /Give a date as YYYY-MM-DD/],
  ])('compose %s %s: 2', async (option, value, says) => {
    await bad(['compose', option, value, '--out', 'x.mid'], 2, says);
    expect(await readdir(directory)).not.toContain('x.mid');
  });
  test.each([
    ['--speed', '0', /Give a factor from 0\.1/],
    ['--from', '90', /Give minutes and seconds as M:SS/],
  ])('replay %s %s: 2', (option, value, says) => bad(['replay', '2026-11-21', option, value], 2, says));
  test('a port that is none: 2', () =>
    bad(['start', '--port', '70000'], 2, /Give a port from 0 \(any\) to 65535/));
  test('an unknown command: 2', () => bad(['play'], 2, /unknown command 'play'/, pianola));

  test('a port in use: 5', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await new Promise((ready) => taken.once('listening', ready));
    const { port } = taken.address() as { port: number };
    try {
      const start = ['start', '--port', String(port), '--data', 'd'];
      await bad(start, 5, new RegExp(`port ${port} is in use`), pianola);
    } finally {
      taken.close();
    }
  });

  test('a data directory that cannot be written: 4', async () => {
    await writeFile(at('file'), '');
    const says = /the data directory .*file\/data cannot be written/;
    await bad(['compose', '--data', 'file/data'], 4, says);
    await bad(['start', '--data', 'file/data', '--port', '0'], 4, says, pianola);
  });
  test('an output that cannot be written: 4, before anything is composed', () =>
    bad(['compose', '--out', 'no/such/dir/a.mid'], 4, /no\/such\/dir is missing or not writable/));

  test('a model that is missing, truncated, or of another vocabulary: 1, and which of these', async () => {
    const compose = (model: string) => ['compose', '--minutes', '1', '--out', 'x.mid', '--model', model];
    await bad(compose('no-model'), 1, /there is no model in no-model/, pianola);
    await mkdir(at('model'));
    for (const name of ['model.json', 'pianola.onnx']) await cp(join(MODEL, name), at(`model/${name}`));
    await truncate(at('model/pianola.onnx'), 100_000);
    const damaged = /damaged .*\(100000 bytes instead of \d+\): sha256 [0-9a-f]{64}, expected/;
    await bad(compose('model'), 1, damaged, pianola);
    const record = JSON.parse(await readFile(join(MODEL, 'model.json'), 'utf8'));
    await writeFile(at('model/model.json'), JSON.stringify({ ...record, vocabularyHash: 'a'.repeat(64) }));
    await bad(compose('model'), 1, /trained on another token vocabulary/, pianola);
    expect(await readdir(directory)).not.toContain('x.mid');
  });

  test('with --json the error is one JSON object on stderr', async () => {
    const { code, stderr } = await pianola(['inspect', 'nowhere.mid', '--json']);
    expect(code).toBe(3);
    expect(JSON.parse(stderr)).toEqual({
      error: { code: 'no_file', message: 'there is no file nowhere.mid' },
    });
  });
});

describe('a day of the archive', () => {
  test('is composed once; with other settings it is a conflict (5), with the same it is there already', async () => {
    const compose = (...args: string[]) =>
      pianola(['compose', '--date', '2026-11-20', '--data', at('archive'), '--json', ...args]);
    const short = ['--minutes', '0.5', '--candidates', '1'];
    const first = JSON.parse((await compose(...short)).stdout);
    const again = JSON.parse((await compose(...short)).stdout);
    expect(again).toEqual({ ...first, outcome: 'present', tokensPerSecond: null });
    const other = await compose('--seed', '1');
    expect(other.code).toBe(5);
    expect(JSON.parse(other.stderr).error).toMatchObject({
      code: 'exists',
      message: expect.stringContaining('seed 20261120, not 1'),
    });
    const shown = JSON.parse(
      (await inProcess(['inspect', '2026-11-20', '--data', at('archive'), '--json'])).stdout,
    );
    expect(shown.record).toMatchObject({ id: '2026-11-20', midiSha256: first.midiSha256 });
  });
});
