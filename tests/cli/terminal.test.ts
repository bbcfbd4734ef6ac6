import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inflateSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { replayHash } from '../../src/broadcast/verify.ts';
import { timeline } from '../../src/music/timeline.ts';
import { pianola as pipe } from '../support/cli.ts';
import { withStores } from '../support/data.ts';
import { inProcess, jsonLines } from '../support/in-process.ts';
import { scale, stored } from '../support/music.ts';
import { hasPty, inPty, manyInPty } from '../support/pty.ts';

const DAY = '2026-11-21';
const MUSIC = scale(30_000);
let data: string;
beforeAll(async () => {
  data = await mkdtemp(join(tmpdir(), 'pianola-terminal-'));
  await withStores(data, async ({ performances, records }) => {
    await performances.create(stored(DAY, MUSIC));
    await records.put({
      schema: 1,
      id: `evening@${DAY}T20:00:00.000Z`,
      startsAt: Date.parse(`${DAY}T20:00Z`),
      state: 'ended',
      performance: DAY,
      encore: false,
      durationMs: MUSIC.durationMs,
      epoch: 1,
      startLatenessMs: 1,
      endedAt: Date.parse(`${DAY}T20:01Z`),
      ...replayHash(timeline(MUSIC)),
    });
  });
});
afterAll(() => rm(data, { recursive: true, force: true }));

/** Nearly everything that can be run on a directory without a station; what each prints on stdout as data. */
const RUNS: readonly (readonly [command: string, code: number])[] = [
  ['--help', 0],
  ['--version', 0],
  ['schedule --help', 0],
  ['schedule add --at 20:00 --tz Europe/Berlin', 0],
  ['schedule add --at 20:01 --tz Europe/Berlin', 5],
  ['schedule add --sky full-moon --tz Asia/Kolkata --limit 1 --dry-run', 0],
  ['schedule list', 0],
  ['schedule next -n 3', 0],
  ['schedule show nobody', 3],
  ['broadcast status', 3],
  ['broadcast now', 3],
  ['broadcast stop', 3],
  ['status', 0],
  ['logs', 0],
  ['doctor --ntp none --port 0', 0],
  ['models list', 0],
  ['models rollback', 3],
  [`replay ${DAY} --speed 1000`, 0],
  [`replay ${DAY} --verify`, 0],
  [`inspect ${DAY}`, 0],
  ['inspect 2020-01-01', 3],
  ['completion bash', 0],
  ['frobnicate', 2],
];
const takesData = (command: string) => !/^(--|completion|frobnicate)|--help/.test(command);
const argsOf = (command: string) => [...command.split(' '), ...(takesData(command) ? ['--data', data] : [])];
// biome-ignore lint/suspicious/noControlCharactersInRegex: that there is none is the point
const ESCAPES = /\x1b|\r|\x07/;

describe('through a pipe', () => {
  test.each(RUNS)('%s: exit %i, and no escape codes', async (command, code) => {
    const ended = await inProcess(argsOf(command));
    expect({ code: ended.code, stderr: ended.stderr }).toMatchObject({ code });
    expect(ended.stdout + ended.stderr).not.toMatch(ESCAPES);
  });

  test.each(RUNS.filter(([command]) => takesData(command)))(
    '%s --json: only JSON on stdout',
    async (command, code) => {
      // Windows that others have added would conflict: each run sees a directory of its own state.
      const ended = await inProcess([...argsOf(command), '--json']);
      if (!command.startsWith('schedule add')) expect(ended.code).toBe(code);
      for (const line of ended.stdout.split('\n').filter(Boolean)) JSON.parse(line);
      if (ended.code !== 0) expect(Object.keys(JSON.parse(ended.stderr))).toEqual(['error']);
    },
  );

  test('a real process writes the same, whatever its environment says of colours', async () => {
    const { code, stdout, stderr } = await pipe(['inspect', DAY, '--data', data], {
      env: { FORCE_COLOR: '1', TERM: 'xterm-256color' },
    });
    expect(code).toBe(0);
    expect(stdout).toContain('60 notes');
    expect(stdout + stderr).not.toMatch(ESCAPES);
  });

  test('a reader that goes away ends a command quietly', async () => {
    const { code, stderr } = await pipe(['schedule', 'next', '-n', '20000', '--json', '--data', data], {
      hangUp: true,
    });
    expect(stderr).not.toMatch(/EPIPE|\n\s+at /);
    expect(code === 0 || code === null).toBe(true);
  });
});

describe('exit codes, each as the design has it', () => {
  const codeOf = async (...args: string[]) => (await inProcess(args)).code;
  test('0 done', async () => expect(await codeOf('status', '--data', data)).toBe(0));
  test('1 a fault, a bad model among them', async () =>
    expect(await codeOf('models', 'push', join(data, 'performances'), '--data', data)).toBe(1));
  test('2 usage, or an input file that is of no use', async () => {
    expect(await codeOf('schedule', 'add', '--tz', 'Nowhere')).toBe(2);
    expect(await codeOf('inspect', 'package.json')).toBe(2);
  });
  test('3 not found', async () => expect(await codeOf('schedule', 'show', 'nobody', '--data', data)).toBe(3));
  test('4 not writable', async () => {
    const file = join(data, 'pianola.db');
    expect(await codeOf('schedule', 'add', '--at', '20:00', '--data', join(file, 'under'))).toBe(4);
  });
  test('5 conflict', async () =>
    expect(await codeOf('schedule', 'add', '--at', '20:03', '--tz', 'Europe/Berlin', '--data', data)).toBe(
      5,
    ));
});

test('inspect writes a picture that is a PNG of the notes', async () => {
  const path = join(data, 'roll.png');
  const { code, stdout } = await inProcess(['inspect', DAY, '--data', data, '--png', path, '--json']);
  expect(code).toBe(0);
  expect(jsonLines(stdout)[0].measures).toMatchObject({ bpm: 120, lowest: 48, highest: 71 });
  const png = await readFile(path);
  expect([...png.subarray(0, 8)]).toEqual([137, 80, 78, 71, 13, 10, 26, 10]);
  const [width, height] = [png.readUInt32BE(16), png.readUInt32BE(20)];
  const at = png.indexOf('IDAT');
  const rows = inflateSync(png.subarray(at + 4, at + 4 + png.readUInt32BE(at - 4)));
  expect(rows.length).toBe(height * (width + 1));
  const inked = new Set<number>();
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) if (rows[y * (width + 1) + 1 + x]! > 0) inked.add(x);
  }
  // Half of each half second sounds.
  expect(inked.size / (width - 48)).toBeGreaterThan(0.4);
  expect(inked.size / (width - 48)).toBeLessThan(0.6);
});

(hasPty ? describe : describe.skip)('in a pseudo-terminal', () => {
  test('replay shows a live roll; space, arrows and q steer it', async () => {
    const { code, screen } = await inPty(['replay', DAY, '--data', data], {
      keys: [
        { after: '0:01 of', press: '\x1b[C' },
        { after: '0:12 of', press: ' ' },
        { after: 'paused', press: ' ' },
        { after: '1×', press: '\x1b[A' },
        { after: '2×', press: 'q' },
      ],
    });
    expect(code).toBe(0);
    expect(screen).toContain('\x1b[?1049h');
    expect(screen).toMatch(/[⠁-⣿]{2}/);
    expect(screen).toMatch(/left at 0:\d\d of 0:29/);
    expect(screen.lastIndexOf('\x1b[?1049l')).toBeGreaterThan(screen.lastIndexOf('\x1b[?1049h'));
  });

  test('NO_COLOR leaves the colours away', async () => {
    const { code, screen } = await inPty(['replay', DAY, '--data', data], {
      keys: [{ after: '0:01 of', press: 'q' }],
      env: { NO_COLOR: '1' },
    });
    expect(code).toBe(0);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: colours are escape codes
    expect(screen).not.toMatch(/\x1b\[[0-9;]*m/);
  });

  test('inspect draws the roll', async () => {
    const { code, screen } = await inPty(['inspect', DAY, '--data', data]);
    expect(code).toBe(0);
    expect(screen.split('\r\n').filter((line) => /^[⠀-⣿]+$/.test(line))).toHaveLength(11);
  });

  test('what takes something away asks first: no leaves all as it was (4), yes does it', async () => {
    const added = await inProcess([
      'schedule',
      'add',
      '--at',
      '09:00',
      '--tz',
      'UTC',
      '--data',
      data,
      '--json',
    ]);
    const { id } = JSON.parse(added.stdout);
    const answer = (text: string) =>
      inPty(['schedule', 'cancel', id, '--data', data], { keys: [{ after: '[y/N]', press: `${text}\n` }] });
    const no = await answer('n');
    expect(no.code).toBe(4);
    expect(no.screen).toContain('nothing was changed');
    expect((await answer('y')).code).toBe(0);
    expect((await inProcess(['schedule', 'show', id, '--data', data])).code).toBe(3);
  });

  const PLAIN: readonly (readonly [command: string, code: number])[] = [
    ['--help', 0],
    ['schedule add --at 03:00 --tz UTC --dry-run', 0],
    ['schedule list', 0],
    ['schedule next -n 2', 0],
    ['schedule show nobody', 3],
    ['schedule edit nobody --at 20:00', 3],
    ['broadcast now', 3],
    ['broadcast status', 3],
    ['status', 0],
    ['logs', 0],
    ['doctor --ntp none --port 0', 0],
    ['models list', 0],
    ['models rollback --yes', 3],
    [`replay ${DAY} --verify`, 0],
    [`replay ${DAY} --speed 10000 --json`, 0],
    ['completion bash', 0],
    ['frobnicate', 2],
  ];
  describe('what is no picture prints plain lines here too', () => {
    let ended: Awaited<ReturnType<typeof manyInPty>>;
    beforeAll(async () => {
      ended = await manyInPty(PLAIN.map(([command]) => argsOf(command)));
    });

    test.each(PLAIN.map(([command, code], i) => [command, code, i] as const))(
      '%s: exit %i',
      (command, code, i) => {
        expect({ command, code: ended[i]!.code }).toEqual({ command, code });
        expect(ended[i]!.screen).not.toContain('\x1b');
        expect(ended[i]!.screen.length).toBeGreaterThan(0);
      },
    );
  });

  test('compose and push show a bar, and wipe it away; with NO_COLOR there is none', async () => {
    const out = join(data, 'bar.mid');
    const compose = ['compose', '--minutes', '0.5', '--candidates', '1', '--out', out, '--force'];
    const composed = await inPty(compose);
    expect(composed.code).toBe(0);
    expect(composed.screen).toMatch(/Composing \d{4}-\d\d-\d\d █*░* \d:\d\d of 0:30/);
    expect(composed.screen).toContain(`, kept in ${out}; `);
    const pushed = await inPty(['models', 'push', 'model', '--data', data, '--dry-run']);
    expect(pushed.screen).toMatch(/Checking model █*░*/);
    for (const { screen } of [composed, pushed]) {
      const lastBar = Math.max(screen.lastIndexOf('█'), screen.lastIndexOf('░'));
      expect(screen.indexOf('\r\x1b[K', lastBar)).toBeGreaterThan(lastBar);
    }
    const plain = (await inPty(compose, { env: { NO_COLOR: '1' } })).screen;
    expect(plain).not.toMatch(/[█░]/);
    expect(plain).not.toContain('\x1b');
  });
});
