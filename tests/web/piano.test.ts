import { expect, test } from '@jest/globals';
import { softClip } from '../../web/mixer.ts';
import { attackFrame, loadingOrder, SAMPLE_PITCHES, samplePath } from '../../web/samples.ts';
import { cutoffOf, dampingS, gainOf, levelling } from '../../web/touch.ts';

const db = (ratio: number): number => 20 * Math.log10(ratio);

test('the recordings’ paths are those that the station serves', () => {
  expect(SAMPLE_PITCHES.map(samplePath).slice(0, 5)).toEqual(
    ['A0', 'C1', 'Ds1', 'Fs1', 'A1'].map((name) => `/piano/${name}v8.mp3`),
  );
  expect(samplePath(60)).toBe('/piano/C4v8.mp3');
  expect(samplePath(108)).toBe('/piano/C8v8.mp3');
  expect(loadingOrder()[0]).toBe(60);
  expect([...loadingOrder()].sort((a, b) => a - b)).toEqual(SAMPLE_PITCHES);
});

test('an attack is found behind breath and hiss, to the sample', () => {
  const rate = 44_100;
  const sound = Float32Array.from({ length: rate }, (_, i) =>
    i < 600 ? 0.004 * Math.sin(i) : 0.4 * Math.cos((i - 600) / 20) * Math.exp(-(i - 600) / 9_000),
  );
  expect(attackFrame([new Float32Array(rate), sound], rate)).toBe(600);
  expect(attackFrame([new Float32Array(rate)], rate)).toBe(0);
});

test('velocities 31 to 86 span at least 20 dB, and grow steadily', () => {
  expect(db(gainOf(86) / gainOf(31))).toBeGreaterThan(20);
  for (let velocity = 2; velocity < 128; velocity++)
    expect(gainOf(velocity)).toBeGreaterThan(gainOf(velocity - 1));
});

test('soft notes are darker, never below their second partial', () => {
  expect(cutoffOf(60, 90)).toBe(18_000);
  expect(cutoffOf(60, 48)).toBe(4_500);
  expect(cutoffOf(100, 1)).toBeCloseTo(2.5 * 2637, 0);
});

test('dampers take 300 ms in the bass and 80 in the treble, and the top keys have none', () => {
  expect(4 * dampingS(21)!).toBeCloseTo(0.3, 9);
  expect(4 * dampingS(90)!).toBeCloseTo(0.08, 9);
  expect(dampingS(91)).toBeNull();
});

test('a recording that is 9 dB softer than its neighbours is brought onto their line', () => {
  const pitches = Array.from({ length: 21 }, (_, i) => 30 + 3 * i);
  const rms = (pitch: number) => 0.1 * 10 ** (-(pitch - 30) / 60) * (pitch === 60 ? 10 ** (-9 / 20) : 1);
  const level = levelling(pitches.map((pitch) => ({ pitch, rms: rms(pitch) })));
  const levelled = (pitch: number) => db(rms(pitch) * level(pitch));
  expect(levelled(60)).toBeCloseTo((levelled(57) + levelled(63)) / 2, 6);
});

test('the mixer leaves quiet sound alone and never reaches full scale', () => {
  expect(softClip(0.5)).toBe(0.5);
  expect(softClip(-0.6)).toBe(-0.6);
  for (let x = 0.6; x < 8; x += 0.01) {
    expect(softClip(x)).toBeLessThan(0.9441);
    expect(softClip(x + 0.01)).toBeGreaterThanOrEqual(softClip(x));
    expect(softClip(-x)).toBe(-softClip(x));
  }
});
