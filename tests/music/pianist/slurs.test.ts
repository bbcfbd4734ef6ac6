import { expect, test } from '@jest/globals';
import { interpret } from '../../../src/music/pianist/interpretation.ts';
import { play } from '../../../src/music/pianist/perform.ts';
import { slursOf } from '../../../src/music/pianist/slurs.ts';
import { bars, phrase, right, score } from './scores.ts';

/** A note as it is played: at 20 ms a step. */
const sound = (onset: number, ms: number, pitch: number) => ({
  ...{ onsetMs: onset * 20, durationMs: ms, pitch, velocity: 64 },
});
const LINE = [60, 62, 64, 65].map((pitch, i) => right(24 * i, 24, pitch));
const bounds = (slurs: ReturnType<typeof slursOf>) => slurs.map(({ from, to }) => [from.pitch, to.pitch]);

test('notes that were played joined are under one slur, and one that was let go early ends it', () => {
  const music = score(LINE, bars(1));
  const joined = LINE.map(({ onset, pitch }) => sound(onset, 480, pitch));
  expect(bounds(slursOf(music, joined))).toEqual([[60, 65]]);
  const breath = joined.map((note) => (note.pitch === 62 ? { ...note, durationMs: 460 } : note));
  expect(bounds(slursOf(music, breath))).toEqual([
    [60, 62],
    [64, 65],
  ]);
  const apart = joined.map((note) => ({ ...note, durationMs: 300 }));
  expect(slursOf(music, apart)).toEqual([]);
});

test('a note that is struck again begins anew', () => {
  const again = [60, 62, 62, 64].map((pitch, i) => right(24 * i, 24, pitch));
  const played = again.map(({ onset, pitch }) => sound(onset, 480, pitch));
  expect(bounds(slursOf(score(again, bars(1)), played))).toEqual([
    [60, 62],
    [62, 64],
  ]);
});

test('a slur that would be longer than four bars is two', () => {
  const long = Array.from({ length: 24 }, (_, i) => right(24 * i, 24, 60 + (i % 2)));
  const played = long.map(({ onset, pitch }) => sound(onset, 480, pitch));
  expect(slursOf(score(long, bars(6)), played).map(({ from, to }) => [from.onset, to.onset])).toEqual([
    [0, 15 * 24],
    [16 * 24, 23 * 24],
  ]);
});

test('of other notes than those of the score no slur is told', () => {
  const joined = LINE.map(({ onset, pitch }) => sound(onset, 480, pitch));
  expect(slursOf(score(LINE, bars(1)), joined.slice(0, 3))).toEqual([]);
});

test('the pianist joins a melody within its phrase, and breathes between phrases', () => {
  const music = score(
    Array.from({ length: 32 }, (_, i) => right(24 * i, 24, 60 + ((i * 2) % 7))),
    bars(8),
  );
  const phrases = [phrase(0, 4), phrase(4, 4)];
  const { notes } = play(music, interpret(music, phrases, 1), phrases);
  const slurs = slursOf(music, notes);
  const half = 16 * 24;
  expect(slurs.length).toBeGreaterThan(1);
  expect(slurs.filter(({ from, to }) => from.onset < half && to.onset >= half)).toEqual([]);
});
