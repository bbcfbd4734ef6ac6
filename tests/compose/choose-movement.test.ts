import { expect, test } from '@jest/globals';
import { chooseMovement } from '../../src/compose/choose-movement.ts';
import type { Movement } from '../../src/compose/movement.ts';
import { toMusic } from '../../src/music/note.ts';
import { type Ranges, straysOf } from '../../src/music/taste/ranges.ts';
import { note } from '../support/music.ts';
import { TASTE } from '../support/taste.ts';

const RANGES = TASTE.ranges;

/** Two minutes whose passages lie `drift` semitones above and below one another, and are `velocities` loud. */
const movement = (drift: number, [softer, louder]: readonly [number, number] = [38, 60]): Movement => {
  const notes = Array.from({ length: 480 }, (_, i) => {
    const up = Math.floor(i / 64) % 2 === 0;
    return note(i * 250, 200, 60 + (up ? drift : -drift), up ? louder : softer);
  });
  return { music: toMusic(notes), cadence: 'model', sections: [] };
};
const still = movement(1);
const both = movement(1, [38, 45]);
const good = movement(5);

/** Composes these one after another, and says how many were asked for. */
function choose(
  movements: readonly Movement[],
  { ranges = RANGES as Ranges | null, times = 99, abortAt = 99 } = {},
) {
  const late = new AbortController();
  let asked = 0;
  const compose = async () => {
    if (++asked === abortAt) late.abort();
    return movements[asked - 1]!;
  };
  const chosen = chooseMovement(compose, ranges, () => asked < times, late.signal);
  return chosen.then((own) => ({ own, asked }));
}

test('the figures that are out of range are named', () => {
  expect(straysOf(good.music, RANGES)).toEqual([]);
  expect(straysOf(still.music, RANGES)).toEqual(['registerDrift']);
  expect(straysOf(both.music, RANGES)).toEqual(['registerDrift', 'velocityP95']);
  expect(straysOf(movement(14, [20, 95]).music, RANGES)).toEqual([
    'registerDrift',
    'velocityP5',
    'velocityP95',
  ]);
  const apart = good.music.notes.map((own, i) => ({
    ...own,
    onsetMs: own.onsetMs + 2000 * Math.floor(i / 10),
  }));
  expect(straysOf(toMusic(apart), RANGES)).toContain('breathsPerMinute');
  expect(straysOf(toMusic(still.music.notes.slice(0, 49)), RANGES)).toEqual([]);
});

test('a movement with all figures in range is taken at once', async () => {
  const { own, asked } = await choose([good, still]);
  expect([own.music, own.attempts, asked]).toEqual([good.music, 1, 1]);
});

test('one that strays is composed again until one does not', async () => {
  const { own, asked } = await choose([both, still, good, still]);
  expect([own.music, own.attempts, asked]).toEqual([good.music, 3, 3]);
});

test('of eight that stray, the first of those that stray least is taken', async () => {
  const other = movement(1.5);
  const { own, asked } = await choose([both, still, other, ...Array(5).fill(both), good]);
  expect([own.music, own.attempts, asked]).toEqual([still.music, 8, 8]);
});

test('without room for another, or without knowing what is human, the first is taken', async () => {
  expect((await choose([still, good], { times: 1 })).own.music).toBe(still.music);
  expect(await choose([still, good], { ranges: null })).toMatchObject({ own: { attempts: 1 }, asked: 1 });
});

test('one that was broken off is not taken, nor another begun', async () => {
  const { own, asked } = await choose([still, good, good], { abortAt: 2 });
  expect([own.music, own.attempts, asked]).toEqual([still.music, 1, 2]);
  expect((await choose([still, good], { abortAt: 1 })).asked).toBe(1);
});
