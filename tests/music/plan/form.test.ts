import { expect, test } from '@jest/globals';
import { characterOf, titleOf } from '../../../src/music/character.ts';
import { planForm, returnOf } from '../../../src/music/plan/form.ts';
import { seededRandom } from '../../../src/music/random.ts';
import { boundSounding, eachKeyOnce } from '../../../src/music/sounding.ts';
import { note } from '../../support/music.ts';

const plan = (notesPerSecond: number, lengthMs = 150_000) => ({
  controls: { style: 'stanford-piano-rolls' as const, density: 2, loudness: 2, register: 4 },
  notesPerSecond,
  lengthMs,
  restMs: 0,
});

test('a movement is A B A′; B contrasts, but a calm movement stays calm', () => {
  for (let seed = 1; seed <= 20; seed++) {
    for (const pace of [3.8, 5.5, 10]) {
      const [a, b, again] = planForm(plan(pace), seededRandom(seed));
      expect([a!.name, b!.name, again!.name]).toEqual(['A', 'B', "A'"]);
      expect(again).toMatchObject({ untilMs: 150_000, notesPerSecond: pace });
      const asked = [a, b, again].map((section) => section!.course[0]!.controls);
      expect(asked[2]).toEqual(asked[0]);
      expect(Math.abs(asked[1]!.loudness - asked[0]!.loudness)).toBe(1);
      expect(Math.abs(asked[1]!.register - asked[0]!.register)).toBe(1);
      expect(b!.notesPerSecond).not.toBe(pace);
      expect(a!.untilMs).toBeLessThan(b!.untilMs);
      if (pace < 6) expect(b!.notesPerSecond).toBeLessThanOrEqual(6);
      expect(b!.notesPerSecond).toBeGreaterThan(3);
    }
  }
});

test('within a section loudness and register rise by a level and fall again, and never leave their scale', () => {
  for (const loudness of [2, 7]) {
    const asked = { ...plan(4), controls: { ...plan(4).controls, loudness } };
    const [a] = planForm(asked, seededRandom(1));
    expect(a!.course.map(({ fromMs }) => fromMs)).toEqual([0, 19_950, 45_600]);
    expect(a!.course.map(({ controls }) => controls.register)).toEqual([4, 5, 4]);
    expect(a!.course.map(({ controls }) => controls.loudness)).toEqual([
      loudness,
      Math.min(7, loudness + 1),
      loudness,
    ]);
  }
});

test('what is too short for a return is one section', () => {
  expect(planForm(plan(4, 60_000), seededRandom(1)).map(({ name }) => name)).toEqual(['A']);
});

test('what returns is the opening half, slower, softer, with octaves below its bass', () => {
  const section = Array.from({ length: 200 }, (_, i) => [
    note(i * 300, 280, 72 + (i % 5), 60),
    ...(i % 4 === 0 ? [note(i * 300, 900, 45, 60)] : []),
  ])
    .flat()
    .sort((x, y) => x.onsetMs - y.onsetMs || x.pitch - y.pitch);
  const back = returnOf(section, 60_000);
  expect(back.at(-1)!.onsetMs).toBeGreaterThan(25_000);
  expect(back.at(-1)!.onsetMs).toBeLessThan(35_000);
  const melody = back.filter(({ pitch }) => pitch >= 72);
  melody.forEach((n, i) => {
    expect(n).toEqual({ onsetMs: i * 315, durationMs: 294, pitch: 72 + (i % 5), velocity: 53 });
  });
  const low = back.filter(({ pitch }) => pitch === 33);
  expect(low).toHaveLength(back.filter(({ pitch }) => pitch === 45).length);
  expect(low[0]!.velocity).toBeLessThan(53);
});

test('a key that is struck again is let go before, and is struck once at one instant', () => {
  expect(eachKeyOnce([note(0, 900, 60), note(500, 100, 60), note(500, 300, 60), note(500, 100, 64)])).toEqual(
    [note(0, 500, 60), note(500, 300, 60), note(500, 100, 64)],
  );
});

test('titles are plain words from measured character', () => {
  const scale = [60, 62, 64, 65, 67, 69, 71, 72, 67, 60];
  const slow = Array.from({ length: 40 }, (_, i) => note(i * 250, 240, scale[i % 10]!, 45));
  expect(characterOf(slow, 10_000)).toBe('Calm and soft, in the middle, in C major');
  const fast = Array.from({ length: 100 }, (_, i) => note(i * 100, 90, 12 + scale[i % 10]!, 90));
  expect(characterOf(fast, 10_000)).toBe('Lively and loud, high, in C major');
  expect(titleOf(slow, 3)).toBe('Suite in C major');
  const minor = [57, 60, 64, 69, 71, 68, 69].map((pitch, i) => note(i * 250, 240, pitch));
  expect(titleOf(minor, 1)).toBe('Prelude in A minor');
});

test('where more would sound than may, the oldest is let go', () => {
  const notes = Array.from({ length: 30 }, (_, i) => note(i * 10, 5000, 40 + i));
  const bounded = boundSounding(notes, 24);
  expect(bounded).toHaveLength(30);
  expect(bounded.map((n) => n.durationMs).slice(0, 7)).toEqual([240, 240, 240, 240, 240, 240, 5000]);
});
