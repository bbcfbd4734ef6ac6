import { expect, test } from '@jest/globals';
import { roomImpulse, spreadImpulse, stringsImpulse } from '../../../web/instrument/impulse.ts';

const RATE = 48_000;
const energy = (signal: Float32Array, from = 0, to = signal.length) =>
  signal.subarray(from, to).reduce((sum, value) => sum + value ** 2, 0);

test('impulse responses are the same each time, have the energy 1, and end in silence', () => {
  const ears = [() => roomImpulse(RATE)[0], () => roomImpulse(RATE)[1]];
  for (const make of [...ears, () => spreadImpulse(RATE), () => stringsImpulse(RATE)]) {
    const impulse = make();
    expect(Buffer.from(make().buffer).equals(Buffer.from(impulse.buffer))).toBe(true);
    expect(energy(impulse)).toBeCloseTo(1, 4);
    expect(Math.abs(impulse.at(-1)!)).toBeLessThan(1e-6);
  }
});

test('the room answers after 15 ms, differently to each ear', () => {
  const [left, right] = roomImpulse(RATE);
  expect(energy(left, 0, 0.015 * RATE)).toBe(0);
  expect(left.length).toBe(55_200);
  const both = left.reduce((sum, value, i) => sum + value * right[i]!, 0);
  expect(Math.abs(both)).toBeLessThan(0.15);
});

test('what spreads a sound comes after it, is over in a twentieth of a second, and keeps each pitch as loud', () => {
  const impulse = spreadImpulse(RATE);
  expect(energy(impulse, 0, Math.floor(0.0015 * RATE))).toBe(0);
  expect(energy(impulse, 0, 0.02 * RATE)).toBeGreaterThan(0.9);
  const levels = [100, 200, 400, 800, 1_600, 3_200, 6_400].map((frequency) => {
    const at = (2 * Math.PI * frequency) / RATE;
    const re = impulse.reduce((sum, value, i) => sum + value * Math.cos(at * i), 0);
    const im = impulse.reduce((sum, value, i) => sum + value * Math.sin(at * i), 0);
    return 10 * Math.log10(re ** 2 + im ** 2);
  });
  for (const level of levels) expect(Math.abs(level)).toBeLessThan(0.5);
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
