import { expect, test } from '@jest/globals';
import { gainOf } from '../../../src/music/loudness.ts';
import { softClip } from '../../../web/instrument/mixer.ts';
import { cutoffOf, dampingS, forteOf } from '../../../web/instrument/response.ts';
import type { Grand, Layer } from '../../../web/instrument/samples.ts';
import { voicing } from '../../../web/instrument/voicing.ts';
import { note } from '../../support/music.ts';

const db = (ratio: number): number => 20 * Math.log10(ratio);
const layer = (...pitches: number[]): Layer =>
  pitches.map((pitch) => ({ pitch, onsetS: 0, buffer: {} as AudioBuffer }));
const GRAND: Grand = { soft: layer(57, 60, 63), forte: layer(57, 60, 63) };

test('loudness grows steadily with velocity', () => {
  for (let velocity = 2; velocity < 128; velocity++)
    expect(gainOf(velocity)).toBeGreaterThan(gainOf(velocity - 1));
  expect(gainOf(64)).toBe(1);
});

test('soft notes are darker, never below their second partial', () => {
  expect(cutoffOf(60, 90)).toBe(16_000);
  expect(cutoffOf(60, 40)).toBe(4_000);
  expect(cutoffOf(100, 1)).toBeCloseTo(2.5 * 2637, 0);
});

test('dampers take 300 ms in the bass and 80 in the treble, and the top keys have none', () => {
  expect(4 * dampingS(21)!).toBeCloseTo(0.3, 9);
  expect(4 * dampingS(90)!).toBeCloseTo(0.08, 9);
  expect(dampingS(91)).toBeNull();
});

test('soft notes take the soft recording, loud ones the loud one, those between both in proportion', () => {
  expect([30, 44, 52, 60, 76, 127].map(forteOf)).toEqual([0, 0, 0.25, 0.5, 1, 1]);
  const sharesOf = (velocity: number) =>
    voicing(GRAND, note(0, 100, 60, velocity)).parts.map(({ sample, share }) => [
      GRAND.soft.includes(sample) ? 'soft' : 'forte',
      share,
    ]);
  expect(sharesOf(40)).toEqual([['soft', 1]]);
  expect(sharesOf(52)).toEqual([
    ['soft', 0.75],
    ['forte', 0.25],
  ]);
  expect(sharesOf(100)).toEqual([['forte', 1]]);
});

test('a repeated note differs a little from stroke to stroke, and the same stroke never', () => {
  const strokes = Array.from({ length: 400 }, (_, i) => voicing(GRAND, note(i * 125, 100, 61, 70)));
  expect(voicing(GRAND, note(375, 90, 61, 70))).toEqual(strokes[3]);
  expect(new Set(strokes.map(({ gain }) => gain)).size).toBe(400);
  const cents = (one: (typeof strokes)[number]) =>
    100 * (12 * Math.log2(one.parts[0]!.rate) - (61 - one.parts[0]!.sample.pitch));
  for (const stroke of strokes) {
    expect(Math.abs(cents(stroke))).toBeLessThanOrEqual(1.5);
    expect(Math.abs(db(stroke.gain / gainOf(70)))).toBeLessThanOrEqual(0.4);
    expect(Math.abs(Math.log2(stroke.cutoffHz / cutoffOf(61, 70)))).toBeLessThanOrEqual(0.15);
  }
  // 61 lies a semitone from one recording and two from the next, which stands in a third of the time.
  const detours = strokes.filter(({ parts }) => parts[0]!.sample.pitch === 63).length;
  expect(detours / 400).toBeGreaterThan(0.28);
  expect(detours / 400).toBeLessThan(0.42);
  const both = strokes.every(({ parts }) => parts[0]!.sample.pitch === parts[1]!.sample.pitch);
  expect(both).toBe(true);
});

test('a key that was recorded sounds as it was recorded, however often', () => {
  const pitches = Array.from(
    { length: 100 },
    (_, i) => voicing(GRAND, note(i * 77, 100, 60)).parts[0]!.sample.pitch,
  );
  expect(new Set(pitches)).toEqual(new Set([60]));
});

test('the mixer leaves quiet sound alone and never reaches −1 dB', () => {
  expect(softClip(0.4)).toBe(0.4);
  expect(softClip(-0.5)).toBe(-0.5);
  for (let x = 0.5; x < 8; x += 0.01) {
    expect(softClip(x)).toBeLessThanOrEqual(0.79);
    expect(softClip(x + 0.01)).toBeGreaterThanOrEqual(softClip(x));
    expect(softClip(-x)).toBe(-softClip(x));
  }
});
