import { expect, test } from '@jest/globals';
import { toMusic } from '../../../src/music/note.ts';
import { heardWithin, scrub } from '../../../web/score/scrub.ts';
import { note } from '../../support/music.ts';

/** C from 1 to 2 s, D from 2 to 2.5 s, E from 3 to 4 s. */
const MUSIC = toMusic([note(1_000, 1_000, 60), note(2_000, 500, 62), note(3_000, 1_000, 64)]);

/** What was done to the keys, as `+60@1.25` and `-60@1.5`: struck, damped, at audio seconds. */
function hand(music = MUSIC) {
  const done: string[] = [];
  const at = (s: number) => Number(s.toFixed(4));
  const it = scrub(music, {
    strike({ pitch }, atS) {
      done.push(`+${pitch}@${at(atS)}`);
      return { damp: (dampS) => done.push(`-${pitch}@${at(dampS)}`) };
    },
  });
  return { ...it, take: () => done.splice(0) };
}

test('a hole sounds as it passes the playhead, at the hand’s speed, for as long as it lies there', () => {
  const { hold, moveTo, take } = hand();
  hold(500);
  moveTo(1_500, 10, 10.01);
  // The onset lay half-way.
  expect(take()).toEqual(['+60@10.005']);
  moveTo(1_900, 10.1, 10.11);
  expect(take()).toEqual([]);
  moveTo(2_400, 10.2, 10.21);
  expect(take()).toEqual(['-60@10.202', '+62@10.202']);
});

test('backwards it sounds from its end to its beginning', () => {
  const { hold, moveTo, take } = hand();
  hold(5_000);
  moveTo(3_500, 10, 10.015);
  expect(take()).toEqual(['+64@10.01']);
  moveTo(2_800, 11, 11.007);
  expect(take()).toEqual(['-64@11.005']);
});

test('backwards, a hand that rests just at the end of a hole strikes it when it goes on, once', () => {
  const { hold, moveTo, take } = hand();
  hold(4_500);
  moveTo(4_000, 10, 10.01);
  expect(take()).toEqual([]);
  moveTo(3_900, 11, 11.01);
  expect(take()).toEqual(['+64@11']);
});

test('what passes wholly within one move is struck and let go', () => {
  const { hold, moveTo, take } = hand();
  hold(1_900);
  moveTo(2_900, 10, 10.01);
  expect(take()).toEqual(['+62@10.001', '-62@10.006']);
});

test('taking hold strikes nothing, though a hole lies there; turning back strikes what was passed again', () => {
  const { hold, moveTo, take } = hand();
  hold(1_500);
  moveTo(1_600, 10, 10.01);
  expect(take()).toEqual([]);
  moveTo(2_100, 11, 11.01);
  expect(take()).toEqual(['+62@11.008']);
  moveTo(1_700, 12, 12.01);
  expect(take()).toEqual(['-62@12.0025', '+60@12.0025']);
});

test('letting go lets every key rise', () => {
  const { hold, moveTo, letGo, take } = hand();
  hold(0);
  moveTo(1_500, 1, 1.01);
  take();
  letGo(2);
  expect(take()).toEqual(['-60@2']);
  letGo(3);
  expect(take()).toEqual([]);
});

test('a sweep over everything strikes the ten loudest', () => {
  const { hold, moveTo, take } = hand(
    toMusic(Array.from({ length: 40 }, (_, i) => note(i * 100, 50, 30 + i, i + 1))),
  );
  hold(0);
  moveTo(10_000, 0, 0.01);
  const struck = take().filter((words) => words.startsWith('+'));
  expect(struck.map((words) => Number(words.slice(1).split('@')[0]))).toEqual(
    Array.from({ length: 10 }, (_, i) => 60 + i),
  );
});

test('a hand that comes to rest just on a hole’s beginning strikes it, and one at its end lets it go', () => {
  const { hold, moveTo, take } = hand();
  hold(500);
  moveTo(1_000, 10, 10.01);
  expect(take()).toEqual(['+60@10.01']);
  moveTo(1_999, 11, 11.01);
  expect(take()).toEqual([]);
  moveTo(2_000, 12, 12.01);
  expect(take()).toEqual(['-60@12.01', '+62@12.01']);
});

test('a hand that does not move does nothing, also where a hole begins under it', () => {
  const { hold, moveTo, take } = hand();
  hold(1_000);
  moveTo(1_000, 10, 10.01);
  expect(take()).toEqual([]);
  moveTo(1_500, 11, 11.01);
  expect(take()).toEqual([]);
});

test('what has passed before is not struck again as the hand goes on, nor what is held', () => {
  const { hold, moveTo, take } = hand();
  hold(0);
  moveTo(1_500, 10, 10.01);
  moveTo(1_600, 11, 11.01);
  moveTo(2_600, 12, 12.01);
  moveTo(2_900, 13, 13.01);
  expect(take().map((words) => words.split('@')[0])).toEqual(['+60', '-60', '+62', '-62']);
});

test('a hole that begins beyond the hand, or has ended before it, does not sound', () => {
  const { hold, moveTo, take } = hand(
    toMusic([note(1_000, 100, 60), note(1_051, 100, 62), note(0, 900, 64)]),
  );
  hold(950);
  moveTo(1_050, 10, 10.01);
  expect(take()).toEqual(['+60@10.005']);
});

test('a long hole that began a minute ago still rises where it ends, and sounds backwards from there', () => {
  const { hold, moveTo, take } = hand(toMusic([note(0, 59_000, 60)]));
  hold(59_500);
  moveTo(58_900, 10, 10.006);
  expect(take()).toEqual(['+60@10.005']);
  moveTo(59_100, 11, 11.002);
  expect(take()).toEqual(['-60@11.001']);
});

test('a move is heard three milliseconds ahead, within as long as it took and twelve milliseconds at most', () => {
  expect(heardWithin(5, 8)[0]).toBeCloseTo(5.003, 9);
  expect(heardWithin(5, 8)[1]).toBeCloseTo(5.011, 9);
  expect(heardWithin(5, 400)[1]).toBeCloseTo(5.015, 9);
  expect(heardWithin(5, -3)[1]).toBeCloseTo(5.003, 9);
});
