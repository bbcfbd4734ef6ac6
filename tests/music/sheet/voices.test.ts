import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { ScoreNote } from '../../../src/music/score/score.ts';
import { type Voice, voicesOf } from '../../../src/music/sheet/voices.ts';

const note = (onset: number, length: number, pitch: number): ScoreNote => ({
  ...{ onset, length, pitch, part: 'right' },
});
const told = (voices: readonly Voice[]) =>
  voices.map((voice) =>
    voice.map(({ onset, end, notes }) => `${notes.map(({ pitch }) => pitch).join('+')} ${onset}-${end}`),
  );

describe('of two voices', () => {
  test('the first is the upper one, whichever is the longer', () => {
    const held = [note(0, 24, 65), note(0, 24, 69), note(24, 48, 69)];
    const tune = [note(0, 18, 81), note(18, 6, 80), note(24, 24, 77), note(48, 24, 76)];
    const upper = ['81 0-18', '80 18-24', '77 24-48', '76 48-72'];
    expect(told(voicesOf([...held, ...tune]))).toEqual([upper, ['65+69 0-24', '69 24-72']]);
  });

  test('they change places where neither sounds across, and nowhere else', () => {
    const low = [note(0, 48, 60), note(48, 24, 62), note(72, 24, 84)];
    const high = [note(0, 24, 72), note(24, 24, 74), note(72, 12, 64), note(84, 12, 65)];
    expect(told(voicesOf([...low, ...high]))).toEqual([
      ['72 0-24', '74 24-48', '62 48-72', '84 72-96'],
      ['60 0-48', '64 72-84', '65 84-96'],
    ]);
    // What is held from before goes on in its voice, though what comes lies above it.
    const across = [note(0, 96, 70), note(0, 24, 60), note(24, 24, 61), note(48, 48, 75)];
    expect(told(voicesOf(across))).toEqual([['70 0-96'], ['60 0-24', '61 24-48', '75 48-96']]);
  });
});

test('every note is in one voice, none begins before the last is over, and what sounds alone is in the first', () => {
  const some = fc.record({
    onset: fc.integer({ min: 0, max: 60 }).map((i) => i * 6),
    length: fc.constantFrom(6, 12, 24, 48),
    pitch: fc.integer({ min: 40, max: 90 }),
  });
  const loose = fc.uniqueArray(some, {
    minLength: 1,
    maxLength: 40,
    selector: (n) => `${n.onset} ${n.pitch}`,
  });
  const holds = fc.property(loose, (notes) => {
    const voices = voicesOf(notes.map(({ onset, length, pitch }) => note(onset, length, pitch)));
    const placed = voices.flatMap((voice) =>
      voice.flatMap(({ onset, notes }) => notes.map((n) => [onset, n.pitch])),
    );
    const order = (pairs: number[][]) => pairs.sort((a, b) => a[0]! - b[0]! || a[1]! - b[1]!);
    expect(order(placed)).toEqual(order(notes.map(({ onset, pitch }) => [onset, pitch])));
    for (const voice of voices)
      for (const [i, chord] of voice.entries())
        if (i > 0) expect(chord.onset).toBeGreaterThanOrEqual(voice[i - 1]!.end);
    const first = voices[0]!;
    for (const chord of voices[1] ?? [])
      expect(first.some(({ onset, end }) => onset < chord.end && end > chord.onset)).toBe(true);
  });
  fc.assert(holds);
});
