import { expect, test } from '@jest/globals';
import { replayScore } from '../../../web/score/day-score.ts';
import { note } from '../../support/music.ts';

const C = note(0, 500, 60);
const D = note(500, 1_000, 62);
const music = { notes: [C, D], pedal: [{ ms: 500, value: 90 }], durationMs: 1_500 };

test('at one instant the pedal comes first, then what is let go, then what is struck', () => {
  expect(replayScore(music).eventsUntil(2_000)).toEqual([
    { kind: 'on', ms: 0, note: C },
    { kind: 'pedal', ms: 500, value: 90 },
    { kind: 'off', ms: 500, note: C },
    { kind: 'on', ms: 500, note: D },
    { kind: 'off', ms: 1_500, note: D },
  ]);
});

test('each event is handed out once, those before the instant alone, and none again where it lies further back', () => {
  const score = replayScore(music);
  expect(score.eventsUntil(500).map(({ ms }) => ms)).toEqual([0]);
  expect(score.eventsUntil(100)).toEqual([]);
  expect(score.eventsUntil(501).map(({ ms }) => ms)).toEqual([500, 500, 500]);
  expect(score.eventsUntil(9_000).map(({ ms }) => ms)).toEqual([1_500]);
  expect(score.eventsUntil(9_000)).toEqual([]);
});

test('after a rewind everything is handed out again', () => {
  const score = replayScore(music);
  const all = score.eventsUntil(9_000);
  score.rewind();
  expect(score.eventsUntil(9_000)).toEqual(all);
});
