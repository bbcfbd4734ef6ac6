import { expect, test } from '@jest/globals';
import { keyOf } from '../../../src/music/key.ts';
import type { Note } from '../../../src/music/note.ts';
import { close, cutAtRest, restsAtEnd } from '../../../src/music/plan/ending.ts';
import { note } from '../../support/music.ts';

const C_MAJOR = [60, 64, 67, 72, 71, 67, 65, 62, 64, 60];
/** A steady line in C major, five notes a second, over a bass of two notes in turn. */
const steady = (fromMs: number, count: number, bass = 48): Note[] =>
  Array.from({ length: count }, (_, i) => [
    note(fromMs + i * 200, 180, C_MAJOR[i % 10]!),
    ...(i % 4 === 0 ? [note(fromMs + i * 200, 780, bass)] : []),
  ])
    .flat()
    .sort((a, b) => a.onsetMs - b.onsetMs || a.pitch - b.pitch);

test('a scale is in the key it begins on, a minor one in its own', () => {
  const line = (pitches: number[]) => keyOf(pitches.map((pitch, i) => note(i * 500, 400, pitch)));
  expect(line([60, 62, 64, 65, 67, 69, 71, 72, 67, 60])).toEqual({ tonic: 0, major: true });
  expect(line([57, 59, 60, 62, 64, 65, 68, 69, 64, 57])).toEqual({ tonic: 9, major: false });
  expect(line([66, 68, 70, 71, 73, 75, 77, 78, 73, 66])).toEqual({ tonic: 6, major: true });
});

test('a pause over the tonic near the target is where music ends, though another pause is wider', () => {
  // A pause over F at 52 s of 2 s; one over C at 60.8 s of 1.2 s; more music after.
  const onF = steady(0, 261).map((n) => (n.onsetMs === 52_000 && n.pitch === 48 ? { ...n, pitch: 41 } : n));
  const notes = [...onF, ...steady(54_000, 33), ...steady(61_600, 60)];
  const cut = cutAtRest(notes, 58_000);
  expect(cut.cadence).toBe('model');
  expect(cut.notes.at(-1)!.onsetMs).toBe(60_400);
});

test('where the music nowhere comes to rest, it is cut at its widest pause, and the record will say so', () => {
  const notes = steady(0, 340, 42);
  const cut = cutAtRest(notes, 60_000);
  expect(cut.cadence).toBe('rule');
  expect(Math.abs(cut.notes.at(-1)!.onsetMs - 60_000)).toBeLessThanOrEqual(6000);
});

test('music that ended by itself rests where its bass is tonic or dominant', () => {
  expect(restsAtEnd(steady(0, 101))).toBe('model');
  expect(restsAtEnd([...steady(0, 101), note(20_400, 800, 42)])).toBe('rule');
});

test('the end slows down to more than twice, then a spread chord on the tonic is held three to five seconds', () => {
  const ended = close(steady(0, 200));
  const chord = ended.slice(-6);
  expect(chord.map(({ pitch }) => pitch % 12)).toEqual(expect.arrayContaining([0, 4, 7]));
  expect(chord[0]!.pitch % 12).toBe(0);
  const onsets = chord.map(({ onsetMs }) => onsetMs);
  expect(onsets).toEqual([...new Set(onsets)].sort((a, b) => a - b));
  expect(new Set(chord.map((n) => n.onsetMs + n.durationMs)).size).toBe(1);
  expect(chord.at(-1)!.durationMs).toBeGreaterThanOrEqual(3000);
  expect(chord[0]!.durationMs).toBeLessThanOrEqual(5000);
  const led = [...new Set(ended.slice(0, -6).map((n) => n.onsetMs))];
  const gaps = led.slice(1).map((onset, i) => onset - led[i]!);
  expect(gaps.slice(0, 180).every((gap) => gap === 200)).toBe(true);
  expect(gaps.slice(-9)).toEqual([...gaps.slice(-9)].sort((a, b) => a - b));
  expect(gaps.at(-1)! / 200).toBeGreaterThan(2.2);
});

test('a chord that is rolled at the end is one of the onsets that slow down, not all of them', () => {
  const rolled = Array.from({ length: 10 }, (_, i) => note(39_800 + i * 40, 400, 48 + 3 * i));
  const onsets = [...new Set(close([...steady(0, 199), ...rolled]).map((n) => n.onsetMs))];
  const gaps = onsets.slice(1).map((onset, i) => onset - onsets[i]!);
  // Steps of 200 ms before it are slower already.
  expect(gaps[197]! / 200).toBeGreaterThan(1.4);
  expect(gaps[185]).toBe(200);
});

test('an end that hurries is stretched more than one that lingers, by two to three times', () => {
  const gapsAfter = (stepMs: number) => {
    const last = Array.from({ length: 10 }, (_, i) => note(40_000 + i * stepMs, 100, C_MAJOR[i]!));
    const onsets = [
      ...new Set(
        close([...steady(0, 199), ...last])
          .slice(0, -6)
          .map((n) => n.onsetMs),
      ),
    ];
    return onsets.slice(1).map((onset, i) => onset - onsets[i]!);
  };
  const stretch = (stepMs: number) => gapsAfter(stepMs).at(-1)! / stepMs;
  expect(stretch(160)).toBeGreaterThan(2.7);
  expect(stretch(160)).toBeLessThanOrEqual(3);
  expect(stretch(800)).toBeLessThanOrEqual(2);
  expect(stretch(800)).toBeGreaterThan(1.7);
});

test('no key is struck while it sounds, and in minor the chord is minor', () => {
  for (const notes of [steady(0, 200), [...steady(0, 100), note(20_000, 8000, 36), note(20_000, 8000, 60)]]) {
    const ended = close(notes);
    for (let i = 0; i < ended.length; i++) {
      const again = ended.slice(i + 1).find(({ pitch }) => pitch === ended[i]!.pitch);
      if (again) expect(again.onsetMs).toBeGreaterThanOrEqual(ended[i]!.onsetMs + ended[i]!.durationMs);
    }
  }
  const inA = close([57, 59, 60, 62, 64, 65, 68, 69, 64, 57].map((pitch, i) => note(i * 300, 280, pitch)));
  expect(inA.slice(-6).map(({ pitch }) => pitch % 12)).toEqual(expect.arrayContaining([9, 0, 4]));
});
