import { describe, expect, test } from '@jest/globals';
import { integratedLoudness, kWeighting, truePeak } from '../../bench/sound/loudness.ts';

const RATE = 48_000;
const sine = (seconds: number, frequency: number, dbfs: number, phase = 0): Float32Array =>
  new Float32Array(seconds * RATE).map(
    (_, i) => 10 ** (dbfs / 20) * Math.sin((2 * Math.PI * frequency * i) / RATE + phase),
  );
function joined(...parts: Float32Array[]): Float32Array {
  const whole = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

describe('loudness, by ITU-R BS.1770 and the test signals of EBU Tech 3341', () => {
  test('at 48 kHz the filters have the coefficients of the standard’s tables', () => {
    const [shelf, highPass] = kWeighting(RATE);
    expect(shelf.b[0]).toBeCloseTo(1.53512485958697, 6);
    expect(shelf.b[1]).toBeCloseTo(-2.69169618940638, 6);
    expect(shelf.b[2]).toBeCloseTo(1.19839281085285, 6);
    expect(shelf.a[0]).toBeCloseTo(-1.69065929318241, 6);
    expect(shelf.a[1]).toBeCloseTo(0.73248077421585, 6);
    expect(highPass.a[0]).toBeCloseTo(-1.99004745483398, 6);
    expect(highPass.a[1]).toBeCloseTo(0.99007225036621, 6);
  });

  test('a full-scale sine of 997 Hz on one channel is at −3.01 LUFS', () => {
    expect(integratedLoudness([sine(5, 997, 0)], RATE)).toBeCloseTo(-3.01, 2);
  });

  test('case 1: −23 dBFS at 1 kHz on both channels is −23 LUFS', () => {
    const tone = sine(10, 1_000, -23);
    expect(integratedLoudness([tone, tone], RATE)).toBeCloseTo(-23, 1);
  });

  test('case 3: what is 10 dB softer than the rest does not count', () => {
    const tone = joined(sine(10, 1_000, -36), sine(60, 1_000, -23), sine(10, 1_000, -36));
    expect(integratedLoudness([tone, tone], RATE)).toBeCloseTo(-23, 1);
  });

  test('case 5: what is less than 10 dB softer does', () => {
    const tone = joined(sine(20, 1_000, -26), sine(20.1, 1_000, -20), sine(20, 1_000, -26));
    expect(integratedLoudness([tone, tone], RATE)).toBeCloseTo(-23, 1);
  });

  test('silence has no loudness', () => {
    expect(integratedLoudness([new Float32Array(RATE)], RATE)).toBe(Number.NEGATIVE_INFINITY);
  });
});

test('the true peak of a sine that is sampled beside its crests is that of its crests', () => {
  // A quarter of the sampling rate, 45° off: every sample lies 3.01 dB below the crest.
  const tone = sine(1, RATE / 4, -6, Math.PI / 4);
  expect(20 * Math.log10(Math.max(...tone.subarray(0, 100)))).toBeCloseTo(-9.01, 2);
  expect(truePeak([new Float32Array(RATE), tone])).toBeCloseTo(-6, 0);
  expect(Math.abs(truePeak([sine(1, 1_000, -1)]) + 1)).toBeLessThan(0.05);
});
