import { expect, test } from '@jest/globals';
import { exchangeMs, WAIT_MS } from '../../../web/sound/exchange.ts';
import { note } from '../../support/music.ts';

/** A chord of `size` notes a second, each held into the next one. */
const legato = (toMs: number, size: (second: number) => number = () => 1) =>
  Array.from({ length: toMs / 1_000 }, (_, i) => i).flatMap((i) =>
    Array.from({ length: size(i) }, (_, k) => note(i * 1_000, 1_200, 40 + 4 * k + (i % 2), 60)),
  );

test('where nothing sounds, pianos are exchanged at once', () => {
  expect(exchangeMs([], [], 4_000, 60_000)).toBe(4_000);
  expect(exchangeMs([note(1_000, 500), note(9_000, 500)], [], 4_000, 60_000)).toBe(4_000);
});

test('a rest is waited for', () => {
  const notes = [
    ...legato(10_000),
    ...legato(10_000).map((one) => ({ ...one, onsetMs: one.onsetMs + 11_000 })),
  ];
  expect(exchangeMs(notes, [], 4_000, 60_000)).toBe(10_200);
});

test('a gap shorter than dampers take is no rest, nor is one that the pedal holds over', () => {
  const notes = [note(0, 5_000), note(5_250, 3_000, 62), note(9_000, 9_000, 64)];
  expect(exchangeMs(notes, [], 1_000, 60_000)).toBe(8_250);
  const pedal = [
    { ms: 8_000, value: 127 },
    { ms: 12_000, value: 0 },
  ];
  expect(exchangeMs(notes, pedal, 1_000, 60_000)).toBe(18_000);
});

test('where no rest comes in time, the quieter of the boundaries of chunks is taken, on the boundary itself', () => {
  const loudAt = (second: number) => (second >= 28 && second <= 30 ? 5 : 1);
  expect(exchangeMs(legato(120_000, loudAt), [], 20_000, 120_000)).toBe(45_000);
  const softAt30 = (second: number) => (second < 30 ? 1 : 5);
  expect(exchangeMs(legato(120_000, softAt30), [], 20_000, 120_000)).toBe(30_000);
  expect(exchangeMs(legato(120_000), [], 20_000, 120_000)).toBeLessThanOrEqual(20_000 + WAIT_MS);
});

test('beyond what is in hand nothing is taken for a rest', () => {
  expect(exchangeMs(legato(22_000), [], 20_000, 22_000)).toBe(30_000);
});
