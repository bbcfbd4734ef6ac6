import { PassThrough } from 'node:stream';
import { describe, expect, test } from '@jest/globals';
import { playRoll } from '../../../../src/cli/commands/replay/roll-player.ts';
import { rollLines } from '../../../../src/cli/commands/replay/roll-view.ts';
import { toMusic } from '../../../../src/music/note.ts';
import { braille, rollRaster } from '../../../../src/music/raster.ts';
import { timeline } from '../../../../src/music/timeline.ts';
import { fakeClock } from '../../../support/fake-clock.ts';
import { note, scale } from '../../../support/music.ts';

const MUSIC = timeline(scale(200_000));
const KEYS = { space: ' ', left: '\x1b[D', right: '\x1b[C', up: '\x1b[A', q: 'q', ctrlC: '\x03' };

/** A terminal as far as the player can tell: what it writes is kept, keys are pressed by a script of clock times. */
function fakeTerminal(columns = 80, rows = 30) {
  const written: string[] = [];
  const modes: boolean[] = [];
  const input = Object.assign(new PassThrough(), { setRawMode: (raw: boolean) => modes.push(raw) });
  const output = { columns, rows, write: (text: string) => written.push(text) };
  return { terminal: { output, input, color: false }, written, modes, input };
}

async function play(
  keys: readonly (readonly [atMs: number, key: string])[],
  start = { fromMs: 0, speed: 1 },
) {
  const clock = fakeClock(1_000_000);
  const fake = fakeTerminal();
  for (const [atMs, key] of keys) {
    void clock.sleepUntil(1_000_000 + atMs).then(() => fake.input.write(key));
  }
  const left = await clock.runUntil(playRoll('2026-11-21', MUSIC, start, fake.terminal, clock));
  return { ...fake, left, tookMs: clock.now() - 1_000_000 };
}

describe('a replay on a terminal', () => {
  test('plays to the end by itself, at the speed asked for, and gives the terminal back', async () => {
    const { left, tookMs, written, modes } = await play([], { fromMs: 100_000, speed: 4 });
    expect(left).toBe(MUSIC.music.durationMs);
    expect(tookMs).toBeGreaterThanOrEqual((MUSIC.music.durationMs - 100_000) / 4 - 1);
    expect(tookMs).toBeLessThan((MUSIC.music.durationMs - 100_000) / 4 + 200);
    expect(written[0]).toContain('\x1b[?1049h');
    expect(written.at(-1)).toContain('\x1b[?1049l');
    expect(written.at(-1)).toContain('\x1b[?25h');
    expect(modes).toEqual([true, false]);
  });

  test('q leaves, Ctrl-C too', async () => {
    expect((await play([[3000, KEYS.q]])).left).toBeCloseTo(3000, -3);
    expect((await play([[3000, KEYS.ctrlC]])).left).toBeCloseTo(3000, -3);
  });

  test('space holds the music, and lets it go on from there', async () => {
    const keys = [
      [2000, KEYS.space],
      [9000, KEYS.space],
      [10_000, KEYS.q],
    ] as const;
    const { left, written } = await play(keys);
    expect(left).toBeGreaterThan(2500);
    expect(left).toBeLessThan(3500);
    expect(written.some((text) => text.includes('paused'))).toBe(true);
  });

  test('the arrows move ten seconds, and change the speed', async () => {
    const skipped = await play([
      [1000, KEYS.right],
      [1500, KEYS.right],
      [2000, KEYS.left],
      [3000, KEYS.q],
    ]);
    expect(skipped.left).toBeGreaterThan(12_500);
    expect(skipped.left).toBeLessThan(13_500);
    const faster = await play([
      [1000, KEYS.up],
      [2000, KEYS.up],
      [4000, KEYS.q],
    ]);
    // A second at 1×, one at 2×, two at 4×.
    expect(faster.left).toBeGreaterThan(10_000);
    expect(faster.left).toBeLessThan(12_000);
    expect(faster.written.some((text) => text.includes('4×'))).toBe(true);
  });

  test('the head line tells position, speed, chunk and drift', async () => {
    const { written } = await play([[31_000, KEYS.q]]);
    const last = written.filter((text) => text.startsWith('\x1b[H')).at(-1)!;
    expect(last).toMatch(/2026-11-21 {3}0:30 of 3:19 {3}1× {3}chunk 3 of 14, sent 11 {3}drift \+0 ms/);
  });
});

describe('the roll', () => {
  const state = { name: 'x', positionMs: 30_000, speed: 1, paused: false, sentSeq: 1, driftMs: 0 };
  test.each([
    [80, 24],
    [200, 60],
    [40, 10],
    [12, 5],
  ])('fits a terminal of %i × %i, and never fills its last line', (columns, rows) => {
    const lines = rollLines(MUSIC, state, { columns, rows, color: false });
    expect(lines.length).toBeLessThan(rows);
    for (const line of lines) expect(line.length).toBeLessThan(columns);
  });
  test('has no escape codes without colour, and some with it', () => {
    const screen = { columns: 80, rows: 24 };
    expect(rollLines(MUSIC, state, { ...screen, color: false }).join('')).not.toContain('\x1b');
    expect(rollLines(MUSIC, state, { ...screen, color: true }).join('')).toContain('\x1b[2m');
  });

  test('a note is a row of dots from its onset to its release, high notes at the top', () => {
    const { dots } = rollRaster([note(2000, 3000, 108, 90), note(0, 1000, 21, 50)], {
      fromMs: 0,
      toMs: 8000,
      width: 8,
      height: 88,
    });
    // The last dot of a note of several stays free, so that a repeated one is told from a long one.
    expect([...dots.slice(0, 8)]).toEqual([0, 0, 90, 90, 0, 0, 0, 0]);
    expect([...dots.slice(-8)]).toEqual([50, 0, 0, 0, 0, 0, 0, 0]);
  });
  test('every note shows, however short', () => {
    const music = toMusic(Array.from({ length: 40 }, (_, i) => note(i * 100, 1, 30 + i)));
    const { dots } = rollRaster(music.notes, { fromMs: 0, toMs: 4000, width: 40, height: 88 });
    expect(dots.filter((dot) => dot > 0)).toHaveLength(40);
  });
  test('braille: the eight dots of a character, by the Unicode standard', () => {
    const at = (...set: number[]) =>
      braille({
        width: 2,
        height: 4,
        dots: Uint8Array.from({ length: 8 }, (_, i) => Number(set.includes(i))),
      });
    expect(at()).toEqual(['⠀']);
    expect(at(0)).toEqual(['⠁']);
    expect(at(1)).toEqual(['⠈']);
    expect(at(6, 7)).toEqual(['⣀']);
    expect(at(0, 1, 2, 3, 4, 5, 6, 7)).toEqual(['⣿']);
  });
});
