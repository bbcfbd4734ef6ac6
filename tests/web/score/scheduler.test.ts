import { expect, test } from '@jest/globals';
import { chunkFrame } from '../../../src/broadcast/frames.ts';
import type { Note } from '../../../src/music/note.ts';
import { timeline } from '../../../src/music/timeline.ts';
import { LOOK_AHEAD_MS, scheduler } from '../../../web/score/scheduler.ts';
import { score } from '../../../web/score/score.ts';
import { liveHello } from '../../support/hello.ts';
import { note } from '../../support/music.ts';

type Sound = { note: Note; atS: number; dampedAtS: number | null };

function setting(notes: readonly Note[], pedal: { ms: number; value: number }[] = []) {
  let position: number | null = null;
  const music = score();
  const durationMs = 60_000;
  music.begin(liveHello());
  const all = timeline({ notes, pedal, durationMs });
  music.chunk(chunkFrame(all.stretch(0, 4), { broadcast: 'b', epoch: 1, here: 1 }));
  const sounds: Sound[] = [];
  const pedals: [boolean, number][] = [];
  let silenced = 0;
  const plan = scheduler({
    score: music,
    position: () => position,
    audioTime: (ms) => 100 + ms / 1000,
    instrument: {
      strike(struck, atS) {
        const sound: Sound = { note: struck, atS, dampedAtS: null };
        sounds.push(sound);
        return {
          damp(dampS) {
            sound.dampedAtS = dampS;
          },
        };
      },
      pedal: (down, atS) => {
        pedals.push([down, atS]);
      },
      silence: () => {
        silenced++;
      },
    },
  });
  return {
    music,
    sounds,
    pedals,
    plan,
    silenced: () => silenced,
    at(ms: number | null) {
      position = ms;
      plan.tick();
      return sounds.map(({ note: { onsetMs } }) => onsetMs);
    },
  };
}

test('a note is scheduled once, at its audio time, a second and a half ahead and not before', () => {
  const { at, sounds } = setting([note(5_000, 400)]);
  expect(at(5_000 - LOOK_AHEAD_MS)).toEqual([]);
  expect(at(5_001 - LOOK_AHEAD_MS)).toEqual([5_000]);
  expect(at(4_000)).toEqual([5_000]);
  expect(sounds[0]).toEqual({ note: note(5_000, 400), atS: 105, dampedAtS: 105.4 });
});

test('while the position is unknown nothing is scheduled, and nothing is lost', () => {
  const { at } = setting([note(100, 400)]);
  expect(at(null)).toEqual([]);
  expect(at(0)).toEqual([100]);
});

test('whoever comes late hears the notes that are held, as struck in time, and none that are over', () => {
  const over = note(1_000, 500, 50);
  const held = note(2_000, 9_000, 60);
  const byPedal = note(3_000, 100, 64);
  const { at, sounds } = setting(
    [over, held, byPedal, note(8_000, 10, 70)],
    [
      { ms: 2_500, value: 127 },
      { ms: 12_000, value: 0 },
    ],
  );
  expect(at(6_000)).toEqual([2_000, 3_000]);
  expect(sounds.map(({ atS }) => atS)).toEqual([102, 103]);
  at(11_000);
  expect(sounds.map(({ dampedAtS }) => dampedAtS)).toEqual([112, 112, 112]);
});

test('a late note is struck before the ones to come, and damped within the same look', () => {
  const { at, sounds } = setting([note(1_000, 1_500), note(2_200, 100, 72)]);
  expect(at(2_000)).toEqual([1_000, 2_200]);
  expect(sounds[0]!.dampedAtS).toBe(102.5);
});

test('a key struck again while nobody listened sounds its last note only', () => {
  const { at } = setting([note(1_000, 900), note(2_000, 9_000)]);
  expect(at(4_000)).toEqual([2_000]);
});

test('after a reset and a rewind the held notes are struck again and the rest goes on', () => {
  const { at, plan, music, silenced } = setting([note(1_000, 9_000), note(5_000, 100, 64)]);
  at(900);
  plan.reset();
  music.rewind();
  expect(silenced()).toBe(1);
  expect(at(4_000)).toEqual([1_000, 1_000, 5_000]);
});

test('a key let go in the very millisecond in which the pedal goes down is held by it', () => {
  const { at, sounds } = setting(
    [note(1_000, 500)],
    [
      { ms: 1_500, value: 127 },
      { ms: 4_000, value: 0 },
    ],
  );
  at(0);
  at(3_000);
  expect(sounds[0]!.dampedAtS).toBe(104);
});

test('the pedal is told at its audio time, and to whoever comes late as it stands there', () => {
  const moves = [
    { ms: 2_500, value: 127 },
    { ms: 2_700, value: 64 },
    { ms: 12_000, value: 63 },
  ];
  const early = setting([note(1_000, 500)], moves);
  early.at(1_600);
  early.at(11_000);
  expect(early.pedals).toEqual([
    [false, 100],
    [true, 102.5],
    [true, 102.7],
    [false, 112],
  ]);
  const late = setting([note(1_000, 500)], moves);
  late.at(6_000);
  expect(late.pedals.at(-1)).toEqual([true, 102.7]);
});

test('a note due at the very instant of the look is struck once, after those that are held', () => {
  const { at } = setting([note(1_000, 9_000), note(2_000, 100, 72)]);
  expect(at(2_000)).toEqual([1_000, 2_000]);
});
