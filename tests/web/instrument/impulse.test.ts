import { expect, test } from '@jest/globals';
import { roomImpulse, stringsImpulse } from '../../../web/instrument/impulse.ts';

const RATE = 48_000;
const energy = (signal: Float32Array, from = 0, to = signal.length) =>
  signal.subarray(from, to).reduce((sum, value) => sum + value ** 2, 0);

test('impulse responses are the same each time, have the energy 1, and end in silence', () => {
  for (const make of [() => roomImpulse(RATE)[0], () => roomImpulse(RATE)[1], () => stringsImpulse(RATE)]) {
    const impulse = make();
    expect(Buffer.from(make().buffer).equals(Buffer.from(impulse.buffer))).toBe(true);
    expect(energy(impulse)).toBeCloseTo(1, 4);
    expect(Math.abs(impulse.at(-1)!)).toBeLessThan(1e-6);
  }
});

test('the room answers after 8 ms, differently to each ear, and falls by 60 dB in 0.55 s', () => {
  const [left, right] = roomImpulse(RATE);
  expect(energy(left, 0, 0.008 * RATE)).toBe(0);
  expect(left.length).toBe(0.5 * RATE);
  const both = left.reduce((sum, value, i) => sum + value * right[i]!, 0);
  expect(Math.abs(both)).toBeLessThan(0.15);
  const fall = 10 * Math.log10(energy(left, 0.05 * RATE, 0.1 * RATE) / energy(left, 0.25 * RATE, 0.3 * RATE));
  expect(Math.abs(fall - (60 * 0.2) / 0.55)).toBeLessThan(2);
});

test('the strings answer to their own pitches, and hardly to what lies between', () => {
  const impulse = stringsImpulse(RATE);
  const answer = (frequency: number) => {
    let [re, im] = [0, 0];
    impulse.forEach((value, i) => {
      re += value * Math.cos((2 * Math.PI * frequency * i) / RATE);
      im += value * Math.sin((2 * Math.PI * frequency * i) / RATE);
    });
    return 10 * Math.log10(re ** 2 + im ** 2);
  };
  for (const pitch of [57, 64, 69, 76]) {
    const frequency = 440 * 2 ** ((pitch - 69) / 12);
    expect(answer(frequency) - answer(frequency * 2 ** (0.5 / 12))).toBeGreaterThan(12);
  }
});
