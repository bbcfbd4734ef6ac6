import { describe, expect, test } from '@jest/globals';
import { keysAtOnce, mostWithin, struckAgain } from '../../../bench/judge/accidents.ts';
import { closesInItsKey, closure } from '../../../bench/judge/closure.ts';
import { figuresOf } from '../../../bench/judge/figures.ts';
import { strikable, unstrikable } from '../../../bench/judge/hands.ts';
import { bassLine, meanInterval, recurrence, steps, topLine } from '../../../bench/judge/lines.ts';
import { passagesOf } from '../../../bench/judge/passages.ts';
import { PASTED_STRIKES, pastedNotes } from '../../../bench/judge/pasted.ts';
import { pedalChanges } from '../../../bench/judge/pieces.ts';
import { pulse, pulseAboveShuffled } from '../../../bench/judge/pulse.ts';
import { touchOf } from '../../../bench/judge/touch.ts';
import { type Note, toMusic } from '../../../src/music/note.ts';
import { seededRandom } from '../../../src/music/random.ts';

const note = (onsetMs: number, pitch: number, durationMs = 100, velocity = 64): Note => ({
  onsetMs,
  durationMs,
  pitch,
  velocity,
});
const every = (ms: number, count: number) => Array.from({ length: count }, (_, i) => i * ms);

describe('pulse', () => {
  test('of a metronome is that of its own bells, and shuffling its equal gaps takes nothing from it', () => {
    expect(pulse(every(500, 80))).toBeGreaterThan(0.99);
    expect(Math.abs(pulseAboveShuffled(every(500, 80)))).toBeLessThan(1e-9);
  });

  test('of onsets that chance put there is low', () => {
    const random = seededRandom(3);
    const onsets = Array.from({ length: 160 }, () => random() * 40_000).sort((a, b) => a - b);
    expect(pulse(onsets)).toBeLessThan(0.35);
  });

  test('of a rhythm of long and short notes is lost when its gaps come in another order', () => {
    const rhythm = every(1200, 33).flatMap((ms) => [ms, ms + 200, ms + 700, ms + 800]);
    expect(pulseAboveShuffled(rhythm)).toBeGreaterThan(0.2);
  });

  test('of silence is none', () => {
    expect(pulse([])).toBe(0);
  });
});

describe('entropy of pitch classes', () => {
  const of = (classes: number) =>
    figuresOf(every(250, 160).map((ms, i) => note(ms, 60 + (i % classes)))).entropy4s;

  test('is as many bits as tell those that are struck within four seconds apart, wherever on the keyboard', () => {
    expect([of(1), of(2), of(4), of(8)].map((bits) => Math.abs(bits))).toEqual([0, 1, 2, 3]);
    const octaves = every(250, 160).map((ms, i) => note(ms, 36 + 12 * (i % 4)));
    expect(Math.abs(figuresOf(octaves).entropy4s)).toBe(0);
  });
});

describe('lines', () => {
  test('the tune is the top of what is struck, unless a higher note of it is still held', () => {
    const notes = [
      note(0, 72, 900),
      note(500, 60),
      note(10, 55),
      note(1000, 74),
      note(1500, 67),
      note(2000, 50),
    ];
    const line = topLine(notes.sort((a, b) => a.onsetMs - b.onsetMs));
    expect(line.map(({ pitch }) => pitch)).toEqual([72, 74, 67]);
    expect(steps(line)).toBe(0.5);
    expect(meanInterval(line)).toBe(4.5);
  });

  test('the bass is the lowest of what is struck below the G under middle C', () => {
    const notes = [note(0, 40), note(20, 52), note(500, 60), note(1000, 54), note(1500, 55)];
    expect(bassLine(notes).map(({ pitch }) => pitch)).toEqual([40, 54]);
  });

  test('a figure recurs when it was there a moment ago, and not when that is too long ago', () => {
    // Intervals 2 2 1, again, and once more after a long while.
    const values = [2, 2, 1, 9, 2, 2, 1, 7, 2, 2, 1];
    const onsets = [0, 1, 2, 3, 4, 5, 6, 7, 30, 31, 32].map((s) => s * 1000);
    expect(recurrence(values, onsets, 3, 15_000)).toBeCloseTo(1 / 9, 12);
    expect(recurrence(values, onsets, 3, 40_000)).toBeCloseTo(2 / 9, 12);
    expect(recurrence([1], [0], 3, 1)).toBe(0);
  });
});

describe('hands and accidents', () => {
  test('two hands reach a tenth each, five keys each', () => {
    expect([strikable([40, 56, 70, 86]), strikable([40, 57, 70, 87])]).toEqual([true, false]);
    expect(unstrikable([note(0, 30), note(0, 60), note(5, 90), note(1000, 60)])).toBe(0.5);
    expect(unstrikable([note(0, 30), note(40, 60), note(80, 90)])).toBe(0);
  });

  test('notes within a moment, and keys struck before they can have come up', () => {
    const notes = [note(0, 60), note(30, 62), note(60, 64), note(70, 60), note(1010, 60)];
    expect(keysAtOnce(notes)).toBe(3);
    expect(mostWithin(notes, 1000)).toBe(4);
    expect(struckAgain(notes)).toBe(200);
  });

  test('the pedal counts when it goes down, not when it trembles', () => {
    const pedal = [0, 64, 127, 63, 80].map((value, i) => ({ ms: i * 1000, value }));
    expect(pedalChanges(toMusic([note(0, 60, 30_000)], pedal))).toBe(4);
  });
});

describe('closure', () => {
  const scale = (tonic: number, from: number) =>
    [0, 4, 7, 0, 2, 4, 5, 7, 9, 11, 12, 0].map((by, i) => note(from + i * 500, 60 + tonic + by, 450));

  test('a piece ends in its key, in the parallel or the relative of it, or elsewhere', () => {
    const minor = [0, 3, 7, 0, 2, 3, 5, 7, 8, 7, 3, 0];
    const inMinor = (tonic: number) => minor.map((by, i) => note(60_000 + i * 500, 60 + tonic + by, 450));
    expect(closesInItsKey([...scale(0, 0), ...scale(0, 60_000)])).toBe(true);
    expect(closesInItsKey([...scale(0, 0), ...inMinor(0)])).toBe(true);
    expect(closesInItsKey([...scale(0, 0), ...inMinor(9)])).toBe(true);
    expect(closesInItsKey([...scale(0, 0), ...scale(7, 60_000)])).toBe(false);
    expect(closesInItsKey([...scale(0, 0), ...inMinor(2)])).toBe(false);
  });

  test('breaths are closed on tonic and dominant', () => {
    const line = scale(0, 0);
    const ends = [note(8000, 48), note(8000, 64), note(11_000, 50), note(14_000, 55), note(17_000, 48)];
    // The twelfth note is a tonic too; of four breaths the one on D is open.
    expect(closure([...line, ...ends])).toBe(0.75);
  });
});

describe('passages', () => {
  const music = (seconds: number, perSecond: number) =>
    every(1000 / perSecond, seconds * perSecond).map((ms, i) => note(ms, 60 + ((i * 7) % 13)));

  test('are 40 s long and at a pace, a remainder is left out', () => {
    expect(passagesOf(music(100, 4)).map(({ length }) => length)).toEqual([160, 160]);
    expect(passagesOf(music(100, 2))).toEqual([]);
    expect(passagesOf(music(100, 8))).toEqual([]);
    expect(passagesOf(music(90, 4))[1]![0]!.onsetMs).toBe(0);
  });

  test('are left out where more than half of their notes were pasted, and else are whole', () => {
    const notes = music(100, 4);
    const pasted = (from: number, count: number) => new Set(every(1, count).map((i) => from + i));
    expect(passagesOf(notes, pasted(160, 80)).map(({ length }) => length)).toEqual([160, 160]);
    const [only, ...others] = passagesOf(notes, pasted(160, 81));
    expect(others).toEqual([]);
    expect(only![0]!.pitch).toBe(notes[0]!.pitch);
    expect(passagesOf(notes, pasted(0, 160))[0]![0]!.pitch).toBe(notes[160]!.pitch);
  });

  test('notes were pasted where they were struck before, however chords are spread', () => {
    const random = seededRandom(1);
    const once = every(250, 200).flatMap((ms) => [
      note(ms, 40 + Math.floor(random() * 12)),
      note(ms, 60 + Math.floor(random() * 20)),
    ]);
    const again = once.map((n, i) => note(50_000 + n.onsetMs + (i % 2 === 0 ? 9 : 0), n.pitch));
    const all = [...once, ...again].sort((a, b) => a.onsetMs - b.onsetMs);
    const pasted = pastedNotes(all);
    expect(pasted.size).toBe(again.length);
    expect([...pasted].every((i) => all[i]!.onsetMs >= 50_000)).toBe(true);
    expect(pastedNotes(once.slice(0, 2 * PASTED_STRIKES)).size).toBe(0);
  });

  test('have every figure as a number', () => {
    const [passage] = passagesOf(music(41, 4));
    const figures = { ...figuresOf(passage!), ...touchOf(passage!) };
    expect(Object.entries(figures).filter(([, value]) => !Number.isFinite(value))).toEqual([]);
  });
});

test('touch: chords are spread, led by their top, which is louder', () => {
  const notes = every(1000, 40).flatMap((ms) => [note(ms, 72, 500, 80), note(ms + 20, 60, 500, 60)]);
  const { spreadMs, leadMs, topLouder, velocity, velocityDeviation, gapJitter } = touchOf(notes);
  expect([spreadMs, leadMs, topLouder, velocity, velocityDeviation, gapJitter]).toEqual([
    20, 20, 20, 70, 10, 0,
  ]);
});
