import { expect, test } from '@jest/globals';
import { type Note, toMusic } from '../../../src/music/note.ts';
import { seededRandom } from '../../../src/music/random.ts';
import { metricsOf } from '../../../src/music/taste/metrics.ts';
import { intervalsOf, repetition, sharedRuns } from '../../../src/music/taste/repetition.ts';
import { structureness } from '../../../src/music/taste/structureness.ts';
import { note } from '../../support/music.ts';

const line = (pitches: readonly number[], stepMs = 500): Note[] =>
  pitches.map((pitch, i) => note(i * stepMs, stepMs, pitch));
/** Random steps on the white keys, the same for a seed. */
const walk = (count: number, seed: number): number[] => {
  const random = seededRandom(seed);
  return Array.from({ length: count }, () => 60 + [0, 2, 4, 5, 7, 9, 11][Math.floor(random() * 7)]!);
};

test('twelve pitch classes alike have log2 12 bits, and fit a scale by seven twelfths', () => {
  const metrics = metricsOf(toMusic(line(Array.from({ length: 48 }, (_, i) => 60 + (i % 12)))));
  expect(metrics.pitchClassEntropy).toBeCloseTo(Math.log2(12), 9);
  expect(metrics.scaleConsistency).toBeCloseTo(7 / 12, 9);
  expect(metrics.notesPerSecond).toBeCloseTo(2, 9);
});

test('a breath is a pause of more than a second between onsets, counted a minute', () => {
  const notes = [
    ...line(walk(60, 1)),
    ...line(walk(59, 2)).map((n) => ({ ...n, onsetMs: n.onsetMs + 31_000 })),
  ];
  expect(metricsOf(toMusic(notes)).breathsPerMinute).toBeCloseTo(60 / 60.5, 9);
});

test('a window of two seconds without an onset is empty, though a note may sound through it', () => {
  const metrics = metricsOf(
    toMusic([note(0, 6000, 60), note(100, 100, 64), note(6500, 100, 60), note(7900, 100, 62)]),
  );
  expect(metrics.emptyWindows).toBe(0.5);
});

test('polyphony and the final hold count what the pedal holds', () => {
  const notes = [note(0, 100, 48), note(1000, 100, 52), note(2000, 100, 55)];
  const held = metricsOf(
    toMusic(notes, [
      { ms: 0, value: 127 },
      { ms: 5000, value: 0 },
    ]),
  );
  expect(held.mostSounding).toBe(3);
  expect(held.finalHold).toBe(3);
  expect(metricsOf(toMusic(notes)).mostSounding).toBe(1);
});

test('velocity that swells slowly follows itself, register that stays does not drift', () => {
  const swell = Array.from({ length: 400 }, (_, i) =>
    note(i * 200, 200, 60, 40 + Math.round(20 * Math.sin(i / 30))),
  );
  const metrics = metricsOf(toMusic(swell));
  expect(metrics.velocityAutocorrelation).toBeGreaterThan(0.9);
  expect(metrics.registerDrift).toBe(0);
  expect(metrics.velocityP5).toBeLessThan(30);
  expect(metrics.velocityP95).toBeGreaterThan(50);
});

test('a phrase that returns in another key is a repetition', () => {
  const phrase = walk(40, 3);
  const twice = [...phrase, ...phrase.map((pitch) => pitch + 5)];
  expect(repetition(line(phrase), 16)).toBe(0);
  // Of 79 intervals, 64 16-grams; the second phrase's 39 hold 24 that were heard.
  expect(repetition(line(twice), 16)).toBe(24 / 64);
});

test('the longest shared run of intervals is found wherever it stands, in any key', () => {
  const theme = walk(25, 9);
  const [a, b] = [
    [...walk(60, 4), ...theme, ...walk(60, 5)],
    [...walk(30, 6), ...theme.map((pitch) => pitch + 3), ...walk(90, 7)],
  ];
  const plain = (x: Int16Array, y: Int16Array): number => {
    let longest = 0;
    for (let i = 0; i < x.length; i++)
      for (let j = 0; j < y.length; j++) {
        let run = 0;
        while (i + run < x.length && j + run < y.length && x[i + run] === y[j + run]) run++;
        longest = Math.max(longest, run);
      }
    return longest;
  };
  const [x, y] = [intervalsOf(line(a)), intervalsOf(line(b))];
  expect(sharedRuns(x)(y)).toBe(plain(x, y));
  expect(sharedRuns(x)(y)).toBeGreaterThanOrEqual(24);
  // A run that cannot go on may go on from a shorter part of itself.
  expect(sharedRuns([1, 1, 2])([1, 1, 1, 2])).toBe(3);
});

test('music that comes back is more structured than music that wanders', () => {
  const a = walk(80, 11);
  const returning = toMusic(line([...a, ...walk(80, 12), ...a]));
  const wandering = toMusic(line([...a, ...walk(80, 12), ...walk(80, 13)]));
  for (const seconds of [3, 8, 15]) {
    expect(structureness(returning, seconds)).toBeGreaterThan(structureness(wandering, seconds) + 0.05);
  }
});

test('the last chord is one though it is spread, and what leads to it may slow down', () => {
  const led = line(walk(20, 1)).concat([note(11_000, 500, 60), note(12_500, 500, 62)]);
  const spread = [48, 55, 64].map((pitch, i) => note(15_000 + 90 * i, 4000 - 90 * i, pitch));
  const metrics = metricsOf(toMusic([...led, ...spread]));
  expect(metrics.finalHold).toBe(4);
  expect(metrics.finalSlowing).toBeGreaterThan(2);
});
