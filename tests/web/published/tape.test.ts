import { expect, test } from '@jest/globals';
import { toMusic } from '../../../src/music/note.ts';
import type { WholeDay } from '../../../web/published/last-day.ts';
import { TAPE_MS, tapedAt, tapeOf } from '../../../web/published/tape.ts';
import { note } from '../../support/music.ts';

const dayOf = (id: string, music: WholeDay['music']): WholeDay => ({
  ...{ id, title: id, durationMs: music.durationMs, notes: music.notes.length, weave: '', heard: 3 },
  ...{ playedAt: null, music, movements: [] },
});
const first = dayOf(
  '2026-11-20',
  toMusic([note(0, 500, 60, 80), note(600, 400, 64, 80)], [{ ms: 100, value: 127 }]),
);
const second = dayOf('2026-11-21', toMusic([note(50, 950, 48, 30)]));

test('a week runs straight over the tape: each day begins where the one before it ended, and a piece of tape', () => {
  const { music, days } = tapeOf([first, second]);
  expect(days.map(({ startMs, day }) => [startMs, day.id])).toEqual([
    [0, '2026-11-20'],
    [1_000 + TAPE_MS, '2026-11-21'],
  ]);
  expect(music.notes.map(({ onsetMs, pitch }) => [onsetMs, pitch])).toEqual([
    [0, 60],
    [600, 64],
    [4_050, 48],
  ]);
  expect(music.durationMs).toBe(5_000);
});

test('a pedal that a day leaves down does not ring on into the next', () => {
  const { music } = tapeOf([first, second]);
  expect(music.pedal).toEqual([
    { ms: 100, value: 127 },
    { ms: 1_000, value: 0 },
    { ms: 5_000, value: 0 },
  ]);
});

test('each day has its own level, and over the tape it is still the day before', () => {
  const tape = tapeOf([first, second]);
  const at = (ms: number) => tapedAt(tape, ms).day.id;
  expect([0, 999, 3_999, 4_000, 9_999].map(at)).toEqual([
    ...['2026-11-20', '2026-11-20', '2026-11-20'],
    ...['2026-11-21', '2026-11-21'],
  ]);
  // The soft one is played louder.
  expect(tape.days[1]!.levelDb).toBeGreaterThan(tape.days[0]!.levelDb + 3);
});
