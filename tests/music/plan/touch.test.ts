import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { PEDAL_DOWN } from '../../../src/music/note.ts';
import { foldPedal } from '../../../src/music/pedal.ts';
import { touch } from '../../../src/music/plan/touch.ts';
import { anyMusic, note } from '../../support/music.ts';

test('the top of a chord is lifted, the inside softened, the chord spread upwards by 5 to 12 ms', () => {
  const chord = [48, 55, 60, 64, 72].map((pitch) => note(1000, 900, pitch, 40));
  const { notes } = touch([note(0, 500, 50, 40), ...chord, note(2000, 500, 50, 40)], [0], 2);
  const played = notes.filter((n) => n.onsetMs >= 1000 && n.onsetMs < 1100);
  expect(played.map(({ pitch }) => pitch)).toEqual([48, 55, 60, 64, 72]);
  const [bass, ...others] = played.map(({ velocity }) => velocity);
  expect(others.map((velocity) => velocity - bass!)).toEqual([-4, -4, -4, 5]);
  const lateMs = played.at(-1)!.onsetMs - 1000;
  expect(played[0]!.onsetMs).toBe(1000);
  expect(lateMs).toBeGreaterThanOrEqual(5);
  expect(lateMs).toBeLessThanOrEqual(12);
});

test('a section swells to a peak beyond its middle and falls again, around the planned loudness', () => {
  const even = Array.from({ length: 400 }, (_, i) => note(i * 250, 240, 60 + (i % 3), 80));
  const { notes } = touch(even, [0, 50_000], 2);
  const velocityAt = (ms: number) => notes.find((n) => n.onsetMs >= ms)!.velocity;
  for (const from of [0, 50_000]) {
    const [start, peak, end] = [velocityAt(from), velocityAt(from + 31_000), velocityAt(from + 49_500)];
    expect(peak - start).toBe(20);
    expect(peak - end).toBe(20);
  }
  // Planned is level 2, around 46; sampled was 80: seven tenths of the way, and the peak of the swell.
  expect(velocityAt(31_000)).toBe(Math.round(80 - 0.7 * 34 + 10));
});

test('a passage that is too soft is lifted as a whole, and what is loud enough is let alone', () => {
  const phrase = [10, 20, 30];
  const soft = Array.from({ length: 60 }, (_, i) => note(i * 250, 240, 60 + (i % 3), phrase[i % 3]));
  const loud = Array.from({ length: 60 }, (_, i) =>
    note(20_000 + i * 250, 240, 60 + (i % 3), 40 + phrase[i % 3]!),
  );
  const { notes } = touch([...soft, ...loud], [0], 1.6);
  const meanOf = (from: number, to: number) => {
    const own = notes.filter(({ onsetMs }) => onsetMs >= from && onsetMs < to);
    return own.reduce((sum, { velocity }) => sum + velocity, 0) / own.length;
  };
  for (const from of [0, 4000, 8000]) expect(Math.abs(meanOf(from, from + 6000) - 35)).toBeLessThan(1.5);
  // The phrase keeps its shape: 85 % of its spread, lifted by as much.
  expect(Math.abs(notes[32]!.velocity - notes[30]!.velocity - 17)).toBeLessThanOrEqual(1);
  const swelling = notes.filter(({ onsetMs }) => onsetMs >= 25_000 && onsetMs < 31_000);
  expect(Math.min(...swelling.map(({ velocity }) => velocity))).toBeGreaterThan(40);
});

test('ends within 40 ms become one, and the pedal is lifted there', () => {
  const notes = [note(0, 1000, 48), note(0, 1020, 55), note(500, 535, 64), note(1500, 400, 60)];
  const music = touch(notes, [0], 4);
  expect(music.notes.slice(0, 3).map((n) => n.onsetMs + n.durationMs)).toEqual([1035, 1035, 1035]);
  expect(music.pedal).toEqual([
    { ms: 20, value: 127 },
    { ms: 1035, value: 0 },
  ]);
});

test('whatever the music, nothing sounds longer for the pedal, no key is struck while held, and the pedal ends up', () => {
  fc.assert(
    fc.property(anyMusic(20_000), fc.boolean(), ({ notes: any }, together) => {
      // Half of the time ends fall together, as where a pedal was folded in.
      const notes = any.map((n) => {
        const end = Math.ceil((n.onsetMs + n.durationMs) / 700) * 700;
        return together ? { ...n, durationMs: end - n.onsetMs } : n;
      });
      const music = touch(notes, [0, 9000], 3);
      expect(music.notes.length).toBeGreaterThan(0);
      expect(foldPedal(music).notes).toEqual(music.notes);
      expect((music.pedal.at(-1)?.value ?? 0) < PEDAL_DOWN).toBe(true);
      const releases = new Map<number, number>();
      for (const { onsetMs, durationMs, pitch } of music.notes) {
        expect(onsetMs).toBeGreaterThanOrEqual(releases.get(pitch) ?? 0);
        expect(durationMs).toBeGreaterThanOrEqual(1);
        releases.set(pitch, onsetMs + durationMs);
      }
    }),
    { numRuns: 200 },
  );
});
